"""Deploys the templates into a local server and compares what is there with what they say.

A server leaves out what it does not know; `LEFT_OUT` says what that is, so that nothing else goes unnoticed.
Neither of them acts on roles: what a role may do is checked as data, here as it arrived.
"""

import json
import os
import time

import boto3
import botocore.config
import botocore.exceptions

from infra import policies, template
from infra.agreement import differing
from infra.template import Stack

MAX_SECONDS = 300
# LocalStack runs functions in Docker, its scheduler needs a package under the LGPL, it deletes what is to stay, its
# change sets know no map that is read by a parameter, and what it sells is not in it.
LEFT_OUT = {
    "localstack": {"change sets", "containers", "dashboard", "functions", "retention", "schedule"},
    "moto": {"alarms", "bucket policy", "dashboard", "detaching", "public access", "redrive permission"},
}


class Server:
    """One of scripts/with-cloud, which this process runs beside."""

    def __init__(self):
        self.name = os.environ["CLOUD_TESTS"]
        self.left_out = LEFT_OUT[self.name]
        self.account = self.client("sts").get_caller_identity()["Account"]

    def client(self, service):
        config = botocore.config.Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
        return boto3.client(service, config=config)

    def deploy(self, name, body, parameters):
        self.client("cloudformation").create_stack(**self.arguments(name, body, parameters))
        self.wait(name, "CREATE_COMPLETE")
        return Stack(template.parse(body), parameters, self.account)

    def update(self, name, body, parameters):
        """Updates by a change set, as an operator does who wants to see first what will change."""
        formation = self.client("cloudformation")
        arguments = self.arguments(name, body, parameters)
        made = formation.create_change_set(**arguments, ChangeSetName="change", ChangeSetType="UPDATE")
        change_set = {"ChangeSetName": made["Id"], "StackName": name}
        until(lambda: formation.describe_change_set(**change_set)["Status"] == "CREATE_COMPLETE", "the change set")
        formation.execute_change_set(**change_set)
        self.wait(name, "UPDATE_COMPLETE")
        return Stack(template.parse(body), parameters, self.account)

    def delete(self, name):
        if "detaching" in self.left_out:
            self.detach()
        self.client("cloudformation").delete_stack(StackName=name)
        until(lambda: self.status(name) in (None, "DELETE_COMPLETE"), f"the end of stack {name}")

    def detach(self):
        """Takes policies off roles, as CloudFormation itself does before it deletes either."""
        iam = self.client("iam")
        for role in iam.list_roles()["Roles"]:
            for policy in iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]:
                iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=policy["PolicyArn"])

    def arguments(self, name, body, parameters):
        pairs = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        return {"StackName": name, "TemplateBody": body, "Parameters": pairs, "Capabilities": ["CAPABILITY_IAM"]}

    def wait(self, name, wanted):
        def is_there():
            status = self.status(name)
            if status is None or "FAILED" in status or "ROLLBACK" in status:
                events = self.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
                told = [
                    f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
                    for event in events
                    if "FAILED" in event["ResourceStatus"]
                ]
                raise SystemExit(f"stack {name} is {status}: {told}")
            return status == wanted

        until(is_there, f"stack {name} to be {wanted}")

    def status(self, name):
        try:
            return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        except botocore.exceptions.ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def outputs(self, name):
        (stack,) = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        return {entry["OutputKey"]: entry["OutputValue"] for entry in stack["Outputs"]}

    def physical_ids(self, name):
        told = self.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
        return {
            entry["LogicalResourceId"]: entry.get("PhysicalResourceId")
            for entry in told
            if "LogicalResourceId" in entry
        }


def until(is_so, what):
    deadline = time.monotonic() + MAX_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {MAX_SECONDS} s for {what}")
        time.sleep(0.2)


def compare(server, plan, stack, name):
    findings = [*queues(server, stack), *bucket(server, stack), *roles(server, plan, stack, name)]
    if "functions" not in server.left_out:
        findings += functions(server, stack)
    if "schedule" not in server.left_out:
        findings += schedule(server, stack)
    return findings


def queues(server, stack):
    sqs = server.client("sqs")
    made = {url.rsplit("/", 1)[1]: url for url in sqs.list_queues().get("QueueUrls", [])}
    wanted = {
        entry["Properties"]["QueueName"]: entry["Properties"] for entry in stack.resources("AWS::SQS::Queue").values()
    }
    if set(made) != set(wanted):
        return [f"queues are {sorted(made)}, expected {sorted(wanted)}"]
    findings = []
    for queue, properties in wanted.items():
        told = sqs.get_queue_attributes(QueueUrl=made[queue], AttributeNames=["All"])["Attributes"]
        told |= {key: json.loads(told[key]) for key in ("RedrivePolicy", "RedriveAllowPolicy") if key in told}
        if "RedrivePolicy" in told:
            told["RedrivePolicy"]["maxReceiveCount"] = int(told["RedrivePolicy"]["maxReceiveCount"])
        policies_told = {"RedrivePolicy", "RedriveAllowPolicy"} - (
            {"RedriveAllowPolicy"} if "redrive permission" in server.left_out else set()
        )
        same = {key: properties.get(key) for key in policies_told}
        numbers = {key: str(properties[key]) for key in ("VisibilityTimeout", "MessageRetentionPeriod")}
        findings += differing(queue, told, **same, **numbers, SqsManagedSseEnabled="true")
    return findings


def remove_queues(server):
    sqs = server.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


def bucket(server, stack):
    s3, name = server.client("s3"), stack.parameters["BucketName"]
    properties = stack.resource("Bucket")["Properties"]
    encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    told = {
        "BucketEncryption": [rule["ApplyServerSideEncryptionByDefault"] for rule in encryption],
        "Versioning": s3.get_bucket_versioning(Bucket=name).get("Status"),
    }
    wanted = [
        rule["ServerSideEncryptionByDefault"]
        for rule in properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    findings = differing(f"bucket {name}", told, BucketEncryption=wanted, Versioning=None)
    if "bucket policy" not in server.left_out:
        policy = {"Policy": json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])}
        findings += differing(
            f"bucket {name}", policy, Policy=stack.resource("BucketPolicy")["Properties"]["PolicyDocument"]
        )
    if "public access" not in server.left_out:
        blocked = {"PublicAccessBlockConfiguration": properties["PublicAccessBlockConfiguration"]}
        findings += differing(f"bucket {name}", s3.get_public_access_block(Bucket=name), **blocked)
    return findings + bucket_rules(s3, name, properties)


def bucket_rules(s3, name, properties):
    """The servers pass over lifecycle and CORS in a template: what it says is set by the S3 API and read back."""
    rules = []
    for rule in properties["LifecycleConfiguration"]["Rules"]:
        told = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule["Prefix"]}}
        if "ExpirationInDays" in rule:
            told["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
        if "AbortIncompleteMultipartUpload" in rule:
            told["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
        rules.append(told)
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    kept = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    cors = [
        {
            ("MaxAgeSeconds" if key == "MaxAge" else "ExposeHeaders" if key == "ExposedHeaders" else key): value
            for key, value in rule.items()
        }
        for rule in properties["CorsConfiguration"]["CorsRules"]
    ]
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": cors})
    kept_cors = s3.get_bucket_cors(Bucket=name)["CORSRules"]
    return differing(f"bucket {name}", {"Lifecycle": kept, "Cors": kept_cors}, Lifecycle=rules, Cors=cors)


def roles(server, plan, stack, name):
    iam, ids, findings = server.client("iam"), server.physical_ids(name), []
    for role, wanted in policies.expected(plan, stack).items():
        physical, given = ids[f"{role.capitalize()}Role"], set()
        for attached in iam.list_attached_role_policies(RoleName=physical)["AttachedPolicies"]:
            arn = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
            for statement in document["Statement"]:
                given |= policies.pairs_of(statement)
        findings += [f"role {role}: {pair} differs as deployed" for pair in sorted(wanted ^ given)]
        trust = iam.get_role(RoleName=physical)["Role"]["AssumeRolePolicyDocument"]
        wanted_trust = stack.resource(f"{role.capitalize()}Role")["Properties"]["AssumeRolePolicyDocument"]
        findings += differing(f"role {role}", trust, Statement=wanted_trust["Statement"])
    return findings


def functions(server, stack):
    client, findings = server.client("lambda"), []
    made = {entry["FunctionName"]: entry for entry in client.list_functions()["Functions"]}
    wanted = {
        entry["Properties"]["FunctionName"]: entry["Properties"]
        for entry in stack.resources("AWS::Lambda::Function").values()
    }
    if set(made) != set(wanted):
        return [f"functions are {sorted(made)}, expected {sorted(wanted)}"]
    for function, properties in wanted.items():
        same = {key: properties[key] for key in ("Timeout", "MemorySize", "Environment")}
        findings += differing(function, made[function], **same)
    told = {
        (
            entry["EventSourceArn"],
            entry["FunctionArn"].split(":")[6],
            entry["BatchSize"],
            *entry.get("FunctionResponseTypes", []),
        )
        for entry in client.list_event_source_mappings()["EventSourceMappings"]
    }
    mapped = {
        (
            entry["Properties"]["EventSourceArn"],
            entry["Properties"]["FunctionName"],
            entry["Properties"]["BatchSize"],
            *entry["Properties"]["FunctionResponseTypes"],
        )
        for entry in stack.resources("AWS::Lambda::EventSourceMapping").values()
    }
    return findings + [f"event source {entry} differs as deployed" for entry in sorted(told ^ mapped)]


def schedule(server, stack):
    events, findings = server.client("events"), []
    made = {rule["Name"]: rule for rule in events.list_rules()["Rules"]}
    wanted = {
        entry["Properties"]["Name"]: entry["Properties"] for entry in stack.resources("AWS::Events::Rule").values()
    }
    if set(made) != set(wanted):
        return [f"rules are {sorted(made)}, expected {sorted(wanted)}"]
    for rule, properties in wanted.items():
        findings += differing(rule, made[rule], ScheduleExpression=properties["ScheduleExpression"], State="ENABLED")
        targets = [
            {key: target[key] for key in ("Id", "Arn")} for target in events.list_targets_by_rule(Rule=rule)["Targets"]
        ]
        findings += differing(rule, {"Targets": targets}, Targets=properties["Targets"])
    return findings


def surroundings(server):
    """Makes what api.yaml finds in an account that is used: a network with two zones, a certificate."""
    ec2 = server.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = ("us-east-1a", "us-east-1b")
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(zones)
    ]
    certificate = server.client("acm").request_certificate(DomainName="api.doctown.example")["CertificateArn"]
    subnets = ",".join(made)
    return {"VpcId": vpc, "PublicSubnets": subnets, "TaskSubnets": subnets, "CertificateArn": certificate}


def containers(server, stack, name):
    """The API's service, its task, its balancer; moto passes over the roles' policies and the task's roles."""
    ecs, balancing = server.client("ecs"), server.client("elbv2")
    cluster = stack.ref("Cluster")
    (service,) = ecs.describe_services(cluster=cluster, services=[f"{cluster}-api"])["services"]
    findings = differing("api service", service, desiredCount=int(stack.parameters["Tasks"]))
    task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    (program,) = task["containerDefinitions"]
    (wanted,) = stack.resource("TaskDefinition")["Properties"]["ContainerDefinitions"]
    findings += differing("api container", program, image=wanted["Image"], command=wanted["Command"])
    for kind, value in (("environment", "value"), ("secrets", "valueFrom")):
        told = {entry["name"]: entry[value] for entry in program[kind]}
        named = wanted[kind.capitalize()]
        findings += differing("api container", {kind: told}, **{kind: {it["Name"]: it[value[0].upper() + value[1:]] for it in named}})
    (targets,) = balancing.describe_target_groups()["TargetGroups"]
    properties = stack.resource("TargetGroup")["Properties"]
    findings += differing("api targets", targets, Port=properties["Port"], HealthCheckPath=properties["HealthCheckPath"], TargetType="ip")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    (listener,) = balancing.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    findings += differing("api listener", listener, Port=443, Protocol="HTTPS")
    role = server.client("iam").get_role(RoleName=server.physical_ids(name)["ApiRole"])["Role"]
    trusted = stack.resource("ApiRole")["Properties"]["AssumeRolePolicyDocument"]
    return findings + differing("api role", role, AssumeRolePolicyDocument=trusted)


def alarms(server, stack):
    made = {alarm["AlarmName"]: alarm for alarm in server.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    wanted = {
        entry["Properties"]["AlarmName"]: entry["Properties"]
        for entry in stack.resources("AWS::CloudWatch::Alarm").values()
    }
    if set(made) != set(wanted):
        return [f"alarms are {sorted(made)}, expected {sorted(wanted)}"]
    findings = []
    for alarm, properties in wanted.items():
        told = made[alarm] | {"Metrics": sorted(query["Id"] for query in made[alarm].get("Metrics", []))}
        same = {
            key: properties.get(key)
            for key in ("MetricName", "Namespace", "Statistic", "ComparisonOperator", "AlarmActions")
        }
        same["Metrics"] = sorted(query["Id"] for query in properties.get("Metrics", []))
        findings += differing(alarm, told, **same, Threshold=float(properties["Threshold"]))
    return findings
