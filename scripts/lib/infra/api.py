"""Checks api.yaml and site.yaml: what the API is given and may do, who reaches it, and how the site is given out.

Each function returns findings, sentences that say what is not as it must be.
"""

import json
import subprocess

from infra import policies
from infra.agreement import ENVIRONMENT, SECRET, differing
from infra.template import Stack

COMMON, SUBMITTER = "arn:aws:iam::000000000000:policy/common", "arn:aws:iam::000000000000:policy/submitter"
REPOSITORY = "arn:aws:ecr:us-east-1:000000000000:repository/doctown"
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/name"
PARAMETERS = {
    "Environment": ENVIRONMENT,
    "StoreUrl": "s3://doctown-agreement/doctown",
    "CommonPolicyArn": COMMON,
    "SubmitterPolicyArn": SUBMITTER,
    "ImageUri": "registry/doctown@sha256:" + "0" * 64,
    "ImageRepositoryArn": REPOSITORY,
    "VpcId": "vpc-1",
    "PublicSubnets": "subnet-1,subnet-2",
    "TaskSubnets": "subnet-3,subnet-4",
    "CertificateArn": CERTIFICATE,
    "AllowedCidr": "192.0.2.0/24",
    "DatabaseSecretArn": f"{SECRET}-database",
}
WHOLE = {
    "AccountsSecretArn": f"{SECRET}-accounts",
    "PublicUrl": "https://doctown.example",
    "GithubClientId": "Iv1.agreement",
    "BuildPushes": "true",
    "GithubTokenSecretArn": f"{SECRET}-github",
    "StoreKeySecretArn": f"{SECRET}-store",
    "WebsiteOrigin": "https://doctown.example",
    "StoreEndpoint": "https://r2.example",
    "ModelBaseUrl": "https://model.example/v1",
}
SITE = {
    "Environment": ENVIRONMENT,
    "BucketName": "doctown-site",
    "ApiOrigin": "https://api.doctown.example",
    "StoreOrigin": "https://doctown.s3.amazonaws.com",
    "DomainName": "doctown.example",
    "CertificateArn": CERTIFICATE,
}
# Alarms of the load balancer: (comparison, threshold, metrics).
BALANCER, TARGETS = "app/doctown/1", "targetgroup/doctown/1"
ALARMS = {
    "api-errors": ("GreaterThanThreshold", 5, {"RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"}),
    "api-latency": ("GreaterThanThreshold", 1, {"TargetResponseTime"}),
    "api-down": ("LessThanThreshold", 1, {"HealthyHostCount"}),
}
DISTRIBUTION = "arn:aws:cloudfront::000000000000:distribution/<Distribution>"


def check(api, alarms, site):
    findings = watched(alarms) + given_out(Stack(site, SITE))
    for parameters in (PARAMETERS, PARAMETERS | WHOLE):
        stack = Stack(api, parameters)
        findings += [*container(stack), *rights(stack), *reached(stack)]
    return findings


def of_kind(stack, kind):
    (made,) = stack.resources(kind).values()
    return made["Properties"]


def container(stack):
    """The task runs the API on a port that the balancer asks, writes nowhere, and has its secrets as secrets."""
    (program,) = of_kind(stack, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    given = {entry["Name"]: entry["Value"] for entry in program["Environment"]}
    port = int(given.get("PORT", 0))
    targets, service = of_kind(stack, "AWS::ElasticLoadBalancingV2::TargetGroup"), of_kind(stack, "AWS::ECS::Service")
    findings = differing("api container", program, Command=["trigger"], ReadonlyRootFilesystem=True, User="65532:65532")
    findings += differing("api container", given, DOCTOWN_TRUSTED_PROXIES="1", DOCTOWN_LOCAL_PATHS="false")
    # Whoever gives it no accounts says with AllowedCidr who may do everything.
    findings += differing("api container", given, DOCTOWN_ACCOUNTS="github" if stack.condition("WithAccounts") else "open")
    findings += differing("api target group", targets, Port=port, HealthCheckPath="/livez", TargetType="ip")
    (balanced,) = service["LoadBalancers"]
    findings += differing("api service", balanced, ContainerName=program["Name"], ContainerPort=port)
    return findings + differing("api container", {"ports": program["PortMappings"]}, ports=[{"ContainerPort": port, "Protocol": "tcp"}])


def variables(program, api):
    """What the container is given is what the program reads, and what is secret comes from secrets."""
    told = subprocess.run([program, "config", "show", "--json"], check=True, stdout=subprocess.PIPE).stdout
    known = {setting["name"] for setting in json.loads(told)["data"]}
    (container_made,) = of_kind(Stack(api, PARAMETERS | WHOLE), "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    given = {entry["Name"] for entry in container_made["Environment"]}
    secret = {entry["Name"] for entry in container_made["Secrets"]}
    wanted = {"DATABASE_URL", "DOCTOWN_GITHUB_TOKEN", "DOCTOWN_STORE_ACCESS_KEY_ID", "DOCTOWN_STORE_SECRET_ACCESS_KEY"}
    wanted |= {"DOCTOWN_ACCOUNTS_URL", "DOCTOWN_GITHUB_CLIENT_SECRET", "DOCTOWN_SECRET_KEYS"}
    wanted |= {"DOCTOWN_GITHUB_APP_KEY", "DOCTOWN_GITHUB_WEBHOOK_SECRETS"}
    findings = [f"the program reads no variable {name}" for name in sorted((given | secret) - known - {"AWS_REGION"})]
    return findings + [f"{name} is not given as a secret" for name in sorted(wanted - secret)]


def rights(stack):
    """The program may do what a submitter may, and remove accounts; what starts it may pull, read its secrets, and write its log."""
    roles = {name: role["Properties"] for name, role in stack.resources("AWS::IAM::Role").items()}
    findings = differing("ApiRole", roles["ApiRole"], ManagedPolicyArns=[COMMON, SUBMITTER], Policies=None)
    findings += differing("StartRole", roles["StartRole"], ManagedPolicyArns=None, Policies=None)
    trusted = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}},
    }
    for name, role in roles.items():
        findings += differing(name, role["AssumeRolePolicyDocument"], Statement=[trusted])
    secrets = [stack.parameters[f"{kind}SecretArn"] for kind in ("Database", "Accounts", "GithubToken", "StoreKey")]
    log = stack.arn("logs", f"log-group:/doctown/{ENVIRONMENT}/api:*")
    wanted = {("ecr:GetAuthorizationToken", "*")}
    wanted |= policies.pairs(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], [REPOSITORY])
    wanted |= policies.pairs(["secretsmanager:GetSecretValue"], [arn for arn in secrets if arn])
    wanted |= policies.pairs(["logs:CreateLogStream", "logs:PutLogEvents"], [log])
    store = f"arn:aws:s3:::{stack.parameters['StoreUrl'].removeprefix('s3://')}"
    of_accounts = policies.pairs(["s3:PutObject", "s3:DeleteObject"], [f"{store}/a-*/index/orders/*"])
    owned = ["a-*/*", *(f"{kind}/a-*" for kind in policies.EXPIRING), "local/index/tenants/a-*"]
    of_accounts |= policies.pairs(["s3:DeleteObject"], [f"{store}/{name}" for name in owned])
    tables = {"StartPolicy": ("<StartRole>", wanted)}
    if stack.condition("WithAccounts"):
        tables["AccountsPolicy"] = ("<ApiRole>", of_accounts)
    made = stack.resources("AWS::IAM::ManagedPolicy")
    findings += [f"{name} is a policy of no table" for name in sorted(made.keys() ^ tables.keys())]
    for name, (role, wanted) in tables.items():
        policy = made.get(name, {"Properties": {"PolicyDocument": {"Statement": []}}})["Properties"]
        findings += differing(name, policy, Roles=[role])
        given = set().union(*map(policies.pairs_of, policy["PolicyDocument"]["Statement"]))
        findings += [f"{name}: {pair} differs" for pair in sorted(wanted ^ given)]
    return findings


def reached(stack):
    """Over TLS alone, from the addresses that may; the containers from the balancer alone."""
    listener, attributes = (
        of_kind(stack, "AWS::ElasticLoadBalancingV2::Listener"),
        {entry["Key"]: entry["Value"] for entry in of_kind(stack, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]},
    )
    groups = {name: group["Properties"] for name, group in stack.resources("AWS::EC2::SecurityGroup").items()}
    findings = differing("api listener", listener, Port=443, Protocol="HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")
    findings += differing("api balancer", attributes, **{"routing.http.drop_invalid_header_fields.enabled": "true"})
    (opened,) = groups["BalancerSecurityGroup"]["SecurityGroupIngress"]
    findings += differing("api balancer", opened, FromPort=443, ToPort=443, CidrIp=stack.parameters["AllowedCidr"])
    findings += differing("api containers", groups["TaskSecurityGroup"], SecurityGroupIngress=None)
    passed = of_kind(stack, "AWS::EC2::SecurityGroupIngress")
    return findings + differing(
        "api containers", passed, CidrIp=None, SourceSecurityGroupId="<BalancerSecurityGroup.GroupId>", FromPort=8080, ToPort=8080
    )


def watched(alarms):
    """With an API its three alarms watch its balancer; without one there are none."""
    without = Stack(alarms, {"Environment": ENVIRONMENT}).resources("AWS::CloudWatch::Alarm")
    findings = [f"alarm {name} watches an API that is not there" for name in without if name.startswith("Api")]
    stack = Stack(alarms, {"Environment": ENVIRONMENT, "ApiLoadBalancer": BALANCER, "ApiTargetGroup": TARGETS})
    made = {entry["Properties"]["AlarmName"]: entry["Properties"] for entry in stack.resources("AWS::CloudWatch::Alarm").values()}
    for kind, (comparison, limit, metrics) in ALARMS.items():
        alarm = made.get(f"doctown-{ENVIRONMENT}-{kind}", {})
        findings += differing(kind, alarm, ComparisonOperator=comparison, Threshold=limit, AlarmActions=[stack.ref("AlarmTopic")])
        told = [alarm] if "MetricName" in alarm else [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
        if {metric["MetricName"] for metric in told} != metrics:
            findings.append(f"alarm {kind} watches something else than {sorted(metrics)}")
        findings += [f"alarm {kind} watches another balancer" for metric in told if {"Name": "LoadBalancer", "Value": BALANCER} not in metric["Dimensions"]]
    return findings


def given_out(stack):
    """The rules of website/README.md: nobody but the distribution reads the bucket, unknown addresses are the page's."""
    (made,) = stack.resources("AWS::S3::Bucket").values()
    blocked = dict.fromkeys(["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], True)
    findings = differing("site bucket", made["Properties"], PublicAccessBlockConfiguration=blocked)
    statements = of_kind(stack, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    allowed = {
        "Sid": "ThisDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::doctown-site/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}},
    }
    findings += differing("site bucket", {"allows": [it for it in statements if it["Effect"] == "Allow"]}, allows=[allowed])
    distribution = of_kind(stack, "AWS::CloudFront::Distribution")["DistributionConfig"]
    fallback = [{"ErrorCode": 403, "ResponseCode": 200, "ResponsePagePath": "/200.html", "ErrorCachingMinTTL": 0}]
    findings += differing("site", distribution, CustomErrorResponses=fallback)
    (immutable,) = distribution["CacheBehaviors"]
    findings += differing("site", immutable, PathPattern="/_app/immutable/*", ResponseHeadersPolicyId="<ImmutableHeaders>")
    findings += differing("site", distribution["DefaultCacheBehavior"], ViewerProtocolPolicy="redirect-to-https", ResponseHeadersPolicyId="<Headers>")
    kept = {"Headers": "no-cache", "ImmutableHeaders": "public, max-age=31536000, immutable"}
    policy = f"connect-src 'self' {SITE['ApiOrigin']} {SITE['StoreOrigin']}; frame-ancestors 'none'"
    for name, caching in kept.items():
        config = stack.resource(name)["Properties"]["ResponseHeadersPolicyConfig"]
        (header,) = config["CustomHeadersConfig"]["Items"]
        findings += differing(name, header, Header="cache-control", Value=caching)
        security = config["SecurityHeadersConfig"]
        findings += differing(name, security["ContentSecurityPolicy"], ContentSecurityPolicy=policy)
        findings += differing(name, security, ContentTypeOptions={"Override": True})
        findings += differing(name, security["ReferrerPolicy"], ReferrerPolicy="no-referrer")
    return findings
