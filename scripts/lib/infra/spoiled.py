"""Proves that the checks can fail: each spoils a copy of the templates in one place, and must be found."""

import copy

from infra import agreement, api, policies


def statement(core, policy, sid):
    statements = core["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"]
    return next(entry for entry in statements if entry.get("Sid") == sid)


def properties(template, name):
    return template["Resources"][name]["Properties"]


def last_stage(plan):
    return plan.rows[-1]


# What is spoiled, how, and a word that a finding must hold.
AGREEMENT = [
    ("a queue's name", lambda it: properties(it.core, "PackQueue").update(QueueName="doctown-pack"), "is missing"),
    (
        "a queue too many",
        lambda it: it.core["Resources"].update(More={"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}),
        "of no stage",
    ),
    (
        "a stage that has no queues",
        lambda it: it.plan.rows.append({**last_stage(it.plan), "stage": "sign", "queue": "sign"}),
        "sign-v1 is missing",
    ),
    (
        "receives",
        lambda it: properties(it.core, "EmbedQueue")["RedrivePolicy"].update(maxReceiveCount=3),
        "RedrivePolicy",
    ),
    (
        "another stage's dead letters",
        lambda it: properties(it.core, "EmbedQueue")["RedrivePolicy"].update(
            deadLetterTargetArn={"Fn::GetAtt": ["PackDeadLetters", "Arn"]}
        ),
        "RedrivePolicy",
    ),
    (
        "dead letters of any queue",
        lambda it: properties(it.core, "EmbedDeadLetters").pop("RedriveAllowPolicy"),
        "RedriveAllowPolicy",
    ),
    (
        "retention",
        lambda it: properties(it.core, "IngestQueue").update(MessageRetentionPeriod=345600),
        "MessageRetentionPeriod",
    ),
    (
        "encryption",
        lambda it: properties(it.core, "IngestQueue").update(SqsManagedSseEnabled=False),
        "SqsManagedSseEnabled",
    ),
    (
        "dead letters that go with the stack",
        lambda it: it.core["Resources"]["PackDeadLetters"].update(DeletionPolicy="Delete"),
        "DeletionPolicy",
    ),
    (
        "visibility for Lambda",
        lambda it: properties(it.core, "PackQueue").update(VisibilityTimeout={"Fn::If": ["WithLambda", 900, 60]}),
        "six times",
    ),
    (
        "visibility for a poller",
        lambda it: properties(it.core, "PackQueue").update(VisibilityTimeout=5400),
        "VisibilityTimeout",
    ),
    ("a function's time", lambda it: properties(it.core, "PackFunction").update(Timeout=300), "may run 300 s"),
    (
        "a mapping to another function",
        lambda it: properties(it.core, "PackMessages").update(FunctionName={"Ref": "IngestFunction"}),
        "not read by",
    ),
    ("dead letters that nobody reads", lambda it: it.core["Resources"].pop("PackDeadMessages"), "not read by"),
    (
        "failures taken for success",
        lambda it: properties(it.core, "PackMessages").pop("FunctionResponseTypes"),
        "FunctionResponseTypes",
    ),
    (
        "a stage's deadline in the plan",
        lambda it: last_stage(it.plan).update(time_limit_s=1200),
        "Threshold is 1800, expected 1200",
    ),
    (
        "a stage's deadline in the alarm",
        lambda it: it.alarms["Mappings"]["Plan"]["pack"].update(TimeLimit=60),
        "Threshold is 60",
    ),
    (
        "an alarm on another queue",
        lambda it: properties(it.alarms, "PackDepthAlarm").update(Dimensions=[]),
        "Dimensions",
    ),
    ("an alarm that is not there", lambda it: it.alarms["Resources"].pop("EmbedDeadAlarm"), "embed-dead"),
    (
        "an alarm that tells nobody",
        lambda it: properties(it.alarms, "EmbedDeadAlarm").pop("AlarmActions"),
        "tells nobody",
    ),
    ("a metric's name", lambda it: properties(it.alarms, "JobDurationAlarm").update(MetricName="JobMs"), "watches"),
    ("a metric's dimension", lambda it: properties(it.alarms, "JobDurationAlarm").update(Dimensions=[]), "dimensions"),
    ("an alarm's limit", lambda it: properties(it.alarms, "BatchFillAlarm").update(Threshold=5), "Threshold is 5"),
    (
        "the dashboard",
        lambda it: properties(it.alarms, "Dashboard").update(
            DashboardBody='{"widgets": [{"properties": {"metrics": [["Doctown", "Jobs", "Environment", "agreement"]]}}]}'
        ),
        "draws",
    ),
    ("the endpoint's time", lambda it: it.endpoints["embed"].update(timeout=300_000), "timeout is 300000"),
    ("an endpoint's command", lambda it: it.endpoints["pack"].update(args="ingest"), "args is 'ingest'"),
    ("a stage without an endpoint", lambda it: it.endpoints.pop("ingest"), "ingest.json is missing"),
    (
        "a GPU that takes one unit at a time",
        lambda it: it.endpoints["embed"]["env"].pop("DOCTOWN_CONCURRENCY"),
        "DOCTOWN_CONCURRENCY",
    ),
    (
        "a secret in a function's variables",
        lambda it: properties(it.core, "GenerateFunction")["Environment"]["Variables"].update(DOCTOWN_LLM_KEY="k"),
        "shows a secret",
    ),
    (
        "a secret resolved into a variable",
        lambda it: properties(it.core, "GenerateFunction")["Environment"]["Variables"].update(
            DOCTOWN_LLM_KEY_REF="{{resolve:secretsmanager:name}}"
        ),
        "shows a secret",
    ),
    (
        "more functions at once than the account allows",
        lambda it: it.core["Mappings"]["Concurrency"]["50"].update(Work=20),
        "where the account allows 50",
    ),
    (
        "an architecture without an image",
        lambda it: properties(it.core, "PackFunction").update(Architectures=["arm64"]),
        "Architectures",
    ),
    ("no embed function", lambda it: it.core["Resources"].pop("EmbedMessages"), "is not read by"),
]

POLICIES = [
    (
        "a right too many",
        lambda it: statement(it.core, "PackPolicy", "Take")["Action"].append("sqs:PurgeQueue"),
        "has sqs:PurgeQueue",
    ),
    (
        "a secret for everybody",
        lambda it: statement(it.core, "PackPolicy", "Take")["Action"].append("secretsmanager:GetSecretValue"),
        "has secretsmanager:GetSecretValue",
    ),
    ("a wildcard action", lambda it: statement(it.core, "PackPolicy", "Take").update(Action="sqs:*"), "is a wildcard"),
    ("a wildcard resource", lambda it: statement(it.core, "PackPolicy", "Take").update(Resource="*"), "is everything"),
    (
        "an earlier stage's queue",
        lambda it: statement(it.core, "PackPolicy", "Send").update(Resource={"Fn::GetAtt": ["IngestQueue", "Arn"]}),
        "has sqs:SendMessage",
    ),
    (
        "a right too few",
        lambda it: statement(it.core, "IngestPolicy", "Send")["Resource"].pop(),
        "lacks sqs:SendMessage",
    ),
    (
        "the whole bucket",
        lambda it: statement(it.core, "CommonPolicy", "Jobs").update(
            Resource={"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}/*"}
        ),
        "is outside",
    ),
    (
        "lists of everything",
        lambda it: statement(it.core, "CommonPolicy", "List").pop("Condition"),
        "s3:ListBucket under None",
    ),
    (
        "a role that anyone may take on",
        lambda it: properties(it.core, "PackRole")["AssumeRolePolicyDocument"]["Statement"][0].update(
            Principal={"AWS": "*"}
        ),
        "PackRole",
    ),
    (
        "another policy on a role",
        lambda it: properties(it.core, "OperatorPolicy")["Roles"].append({"Ref": "PackRole"}),
        "role pack has",
    ),
    (
        "a public bucket",
        lambda it: properties(it.core, "Bucket").pop("PublicAccessBlockConfiguration"),
        "PublicAccessBlock",
    ),
    (
        "docpacks that expire",
        lambda it: properties(it.core, "Bucket")["LifecycleConfiguration"]["Rules"].append(
            {"Prefix": {"Fn::Sub": "${Prefix}/local/docpacks/"}, "ExpirationInDays": 30}
        ),
        "expires",
    ),
    (
        "plain HTTP",
        lambda it: properties(it.core, "BucketPolicy")["PolicyDocument"]["Statement"].clear(),
        "bucket policy",
    ),
]


# The same of api.yaml, alarms.yaml and site.yaml.
API = [
    ("another function", lambda it: container(it.api).update(Command=["ingest"]), "Command"),
    ("a root that can be written", lambda it: container(it.api).pop("ReadonlyRootFilesystem"), "ReadonlyRootFilesystem"),
    (
        "another port",
        lambda it: properties(it.api, "TargetGroup").update(Port=80),
        "Port is 80",
    ),
    (
        "a health check of what it depends on",
        lambda it: properties(it.api, "TargetGroup").update(HealthCheckPath="/readyz"),
        "HealthCheckPath",
    ),
    (
        "a right of the program's own",
        lambda it: properties(it.api, "ApiRole")["ManagedPolicyArns"].append("arn:aws:iam::aws:policy/AmazonS3FullAccess"),
        "ManagedPolicyArns",
    ),
    (
        "every secret",
        lambda it: statement(it.api, "StartPolicy", "Secrets").update(Resource="*"),
        "secretsmanager:GetSecretValue",
    ),
    (
        "tasks of any account",
        lambda it: properties(it.api, "ApiRole")["AssumeRolePolicyDocument"]["Statement"][0].pop("Condition"),
        "ApiRole",
    ),
    (
        "everybody's objects for the API to remove",
        lambda it: statement(it.api, "AccountsPolicy", "DeletedAccounts").update(Resource="arn:aws:s3:::doctown-agreement/*"),
        "AccountsPolicy",
    ),
    (
        "accounts that are left open",
        lambda it: next(entry for entry in container(it.api)["Environment"] if entry.get("Name") == "DOCTOWN_ACCOUNTS").update(Value="open"),
        "DOCTOWN_ACCOUNTS",
    ),
    ("plain HTTP", lambda it: properties(it.api, "Listener").update(Protocol="HTTP", Port=80), "Protocol"),
    (
        "containers open to everybody",
        lambda it: properties(it.api, "FromBalancer").update(CidrIp="0.0.0.0/0"),
        "CidrIp",
    ),
    (
        "callers from anywhere",
        lambda it: properties(it.api, "BalancerSecurityGroup")["SecurityGroupIngress"][0].update(CidrIp="0.0.0.0/0"),
        "CidrIp",
    ),
    ("an alarm that is not there", lambda it: it.alarms["Resources"].pop("ApiDownAlarm"), "api-down"),
    (
        "an alarm without an API",
        lambda it: it.alarms["Resources"]["ApiDownAlarm"].pop("Condition"),
        "that is not there",
    ),
    (
        "a site for everybody's distribution",
        lambda it: statement(it.site, "BucketPolicy", "ThisDistribution").pop("Condition"),
        "site bucket",
    ),
    (
        "addresses that the page does not get",
        lambda it: properties(it.site, "Distribution")["DistributionConfig"].pop("CustomErrorResponses"),
        "CustomErrorResponses",
    ),
    (
        "files that never change",
        lambda it: properties(it.site, "Distribution")["DistributionConfig"]["DefaultCacheBehavior"].update(
            ResponseHeadersPolicyId={"Ref": "ImmutableHeaders"}
        ),
        "ResponseHeadersPolicyId",
    ),
]


def container(template):
    return properties(template, "TaskDefinition")["ContainerDefinitions"][0]


class ApiCopy:
    def __init__(self, api_template, alarms, site):
        self.api, self.alarms, self.site = map(copy.deepcopy, (api_template, alarms, site))


class Copy:
    def __init__(self, plan, core, alarms, endpoints):
        self.plan, self.core, self.alarms, self.endpoints = map(copy.deepcopy, (plan, core, alarms, endpoints))


def unfound_in_agreement(*parts):
    """Lists the spoiled copies that the check of agreement passes."""
    return unfound(AGREEMENT, lambda it: agreement.check(it.plan, it.core, it.alarms, it.endpoints), parts)


def unfound_in_policies(*parts):
    """Lists the spoiled copies that the check of policies passes."""
    return unfound(POLICIES, lambda it: policies.check(it.plan, it.core), parts)


def unfound_in_api(*parts):
    """Lists the spoiled copies that the check of the API and the site passes."""
    return unfound(API, lambda it: api.check(it.api, it.alarms, it.site), parts, ApiCopy)


def unfound(table, check, parts, copied=Copy):
    missed = []
    for what, spoil, word in table:
        it = copied(*parts)
        spoil(it)
        if not any(word in finding for finding in check(it)):
            missed.append(what)
    return missed
