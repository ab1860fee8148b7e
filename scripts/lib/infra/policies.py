"""What each role may do, as data, and whether the template gives exactly that.

The table is written from what the code does, not from the template: a stage's worker takes its own messages
and dead letters, sends its own stage's and later ones', and reads and writes its own objects.
"""

import fnmatch

from infra.agreement import EMBEDS, FUNCTIONS, NO_FUNCTIONS, PARAMETERS, differing
from infra.template import Stack

TAKE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
READ, WRITE = ["s3:GetObject"], ["s3:GetObject", "s3:PutObject"]
WRITE_LARGE = [*WRITE, "s3:AbortMultipartUpload"]
# Objects of a stage beside those of jobs: (actions, name below the tenant).
OBJECTS = {
    "embed": [(WRITE, "cache/vectors/*"), (WRITE, "index/embedders/*")],
    "assemble": [(READ, "cache/replies/*")],
    "generate": [(WRITE, "cache/replies/*")],
    "pack": [(WRITE_LARGE, "docpacks/*")],
}
SUBMITTED = [(READ, "index/*")] + [(["s3:PutObject"], f"index/{kind}/*") for kind in ("active", "latest", "sources", "tenants")]
# What decides whether a role is a function's, by role.
FUNCTION_ROLES = {
    **dict.fromkeys(["ingest", "assemble", "generate", "pack", "schedule"], "WithLambda"),
    "embed": "WithEmbed",
    "dispatch": "WithDispatch",
}
# Secrets that a function reads when it starts, by the parameter that names each.
READ_SECRETS = {
    "GithubTokenSecretArn": ["ingest", "schedule"],
    "AccountsSecretArn": ["ingest"],
    "ModelKeySecretArn": ["generate"],
    "RunPodKeySecretArn": ["dispatch"],
}
# Of AWS: what Lambda does in the function's name to put it into a VPC.
INTO_VPC = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
# Roles work for all tenants. What all of them share is the local one's.
TENANT, ANY_TENANT = "local", "*"
SHARED = ("index/embedders/", "index/tenants/", "probe/")
# What expires is named by its kind before its tenant, so that one rule of the bucket covers all tenants.
EXPIRING = {"jobs": "JobDays", "cache": "CacheDays"}


def expected(plan, stack):
    """Says for every role the (action, resource) pairs that it may have."""
    by_stage = {row["stage"]: row for row in plan.rows}
    environment, prefix = stack.parameters["Environment"], stack.parameters["Prefix"]
    bucket = f"arn:aws:s3:::{stack.parameters['BucketName']}"

    def work(stages):
        return [stack.arn("sqs", plan.queue(by_stage[stage], environment)) for stage in stages]

    def both(stages):
        return [arn for work_arn in work(stages) for arn in (work_arn, f"{work_arn}-dead")]

    def objects(pairs):
        def path(name):
            kind, rest = name.split("/", 1) if "/" in name else (name, "")
            if kind in EXPIRING:
                return f"{kind}/*" if rest == "*" else f"{kind}/{ANY_TENANT}/{rest}"
            return f"{TENANT if name.startswith(SHARED) else ANY_TENANT}/{name}"

        return {(action, f"{bucket}/{prefix}/{path(name)}") for actions, name in pairs for action in actions}

    common = pairs(["sqs:GetQueueUrl"], both(plan.stages)) | {("s3:ListBucket", bucket)}
    common |= objects(
        [(WRITE_LARGE, "jobs/*"), (["s3:DeleteObject"], "index/active/*"), (["s3:PutObject", "s3:DeleteObject"], "probe/*")]
    )
    if stack.parameters["StoreKeySecretArn"]:
        common |= pairs(["secretsmanager:GetSecretValue"], [stack.parameters["StoreKeySecretArn"]])
    roles = {}
    for position, stage in enumerate(plan.stages):
        sent = pairs(["sqs:SendMessage"], work(plan.stages[position:]))
        roles[stage] = common | pairs(TAKE, both([stage])) | sent | objects(OBJECTS.get(stage, []))
    from_embed = plan.stages[plan.stages.index("embed") :]
    roles["dispatch"] = common | pairs(TAKE, both(["embed"])) | pairs(["sqs:SendMessage"], work(from_embed))
    roles["dispatch"] |= objects([(WRITE, "schedules/*")])
    sent = pairs(["sqs:SendMessage"], work(plan.stages))
    depth = pairs(["sqs:GetQueueAttributes"], work(plan.stages))
    roles["schedule"] = common | sent | depth | objects([*SUBMITTED, (READ, "schedules.json"), (WRITE, "schedules/*")])
    roles["submitter"] = common | sent | objects([*SUBMITTED, (READ, "docpacks/*")])
    dead = [f"{arn}-dead" for arn in work(plan.stages)]
    removed = [(["s3:DeleteObject"], f"{kind}/*") for kind in ("jobs", "index", "docpacks")]
    roles["operator"] = roles["submitter"] | pairs(TAKE, dead) | depth | objects([(WRITE, "schedules.json"), *removed])
    for role in FUNCTION_ROLES:
        group = stack.arn("logs", f"log-group:/doctown/{environment}/{role}:*")
        roles[role] = roles[role] | pairs(["logs:CreateLogStream", "logs:PutLogEvents"], [group])
    for parameter, readers in READ_SECRETS.items():
        for role in readers if stack.parameters[parameter] else []:
            roles[role] = roles[role] | pairs(["secretsmanager:GetSecretValue"], [stack.parameters[parameter]])
    return roles


def pairs(actions, resources):
    return {(action, resource) for action in actions for resource in resources}


def granted(stack):
    """Collects what the template gives to every role, over all policies attached to it."""
    roles = {name.removesuffix("Role").lower(): set() for name in stack.resources("AWS::IAM::Role")}
    for policy in stack.resources("AWS::IAM::ManagedPolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            for role in policy["Properties"]["Roles"]:
                roles[role.strip("<>").removesuffix("Role").lower()] |= pairs_of(statement)
    return roles


def pairs_of(statement):
    if statement["Effect"] != "Allow" or set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}:
        raise SystemExit(f"a statement of an unexpected form: {statement}")
    return pairs(listed(statement["Action"]), listed(statement["Resource"]))


def listed(value):
    return value if isinstance(value, list) else [value]


def check(plan, core):
    findings = []
    for switches in (NO_FUNCTIONS, FUNCTIONS, EMBEDS):
        stack = Stack(core, PARAMETERS | switches)
        wanted, given = expected(plan, stack), granted(stack)
        for role in sorted(wanted.keys() | given.keys()):
            missing, surplus = (
                wanted.get(role, set()) - given.get(role, set()),
                given.get(role, set()) - wanted.get(role, set()),
            )
            findings += [f"role {role} lacks {action} on {resource}" for action, resource in sorted(missing)]
            findings += [f"role {role} has {action} on {resource}" for action, resource in sorted(surplus)]
            findings += [f"role {role}: {reason}" for pair in given.get(role, ()) for reason in too_wide(stack, *pair)]
        findings += conditions(stack) + trust(stack) + bucket(stack)
    return findings


def too_wide(stack, action, resource):
    """Holds whatever the table says: no wildcard in an action, none but for the tenant and at an object's end."""
    if "*" in action:
        yield f"{action} is a wildcard"
    if fnmatch.fnmatchcase("arn:aws:sqs:us-east-1:000000000000:other", resource):
        yield f"{action} on {resource} is everything"
    inside = f"arn:aws:s3:::{stack.parameters['BucketName']}/{stack.parameters['Prefix']}/"
    if action.startswith("s3:") and action != "s3:ListBucket" and not resource.startswith(inside):
        yield f"{action} on {resource} is outside {inside}"
    if action.startswith("sqs:") and f":doctown-{stack.parameters['Environment']}-" not in resource:
        yield f"{action} on {resource} is a queue of another environment"


def conditions(stack):
    """Lists are of tenants' objects alone."""
    wanted = {"StringLike": {"s3:prefix": f"{stack.parameters['Prefix']}/*"}}
    return [
        f"{name}: s3:ListBucket under {statement.get('Condition')}, expected {wanted}"
        for name, policy in stack.resources("AWS::IAM::ManagedPolicy").items()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "s3:ListBucket" in listed(statement["Action"]) and statement.get("Condition") != wanted
    ]


def trust(stack):
    """A function's role is Lambda's alone, any other role the worker principal's."""
    findings = []
    for name, role in stack.resources("AWS::IAM::Role").items():
        runs_when = FUNCTION_ROLES.get(name.removesuffix("Role").lower())
        is_function = runs_when is not None and stack.condition(runs_when)
        principal = {"Service": "lambda.amazonaws.com"} if is_function else {"AWS": stack.parameters["WorkerPrincipal"]}
        statements = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]
        is_inside = name == "IngestRole" and stack.condition("WithIngestNetwork")
        findings += differing(name, role["Properties"], ManagedPolicyArns=[INTO_VPC] if is_inside else None, Policies=None)
        findings += differing(name, role["Properties"]["AssumeRolePolicyDocument"], Statement=statements)
    return findings


def bucket(stack):
    """Nobody without TLS, nothing public, encrypted, docpacks for ever, and what is left over goes away."""
    (made,) = stack.resources("AWS::S3::Bucket").values()
    properties, prefix = made["Properties"], stack.parameters["Prefix"]
    blocked = dict.fromkeys(["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], True)
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    findings = differing("bucket", made, DeletionPolicy="Retain", UpdateReplacePolicy="Retain")
    findings += differing(
        "bucket",
        properties,
        PublicAccessBlockConfiguration=blocked,
        BucketEncryption=encryption,
        VersioningConfiguration=None,
    )
    rules = {rule["Prefix"]: rule for rule in properties["LifecycleConfiguration"]["Rules"]}
    days = {f"{prefix}/{kind}/": stack.parameters[limit] for kind, limit in EXPIRING.items()}
    if {at: rule["ExpirationInDays"] for at, rule in rules.items() if "ExpirationInDays" in rule} != days:
        findings.append(f"bucket: something else than jobs and caches expires: {rules}")
    if rules.get(f"{prefix}/", {}).get("AbortIncompleteMultipartUpload") != {"DaysAfterInitiation": 1}:
        findings.append("bucket: unfinished uploads stay longer than a day")
    (policy,) = stack.resources("AWS::S3::BucketPolicy").values()
    arn = f"arn:aws:s3:::{stack.parameters['BucketName']}"
    denied = {
        "Sid": "OnlyWithTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return findings + differing("bucket policy", policy["Properties"]["PolicyDocument"], Statement=[denied])
