"""Compares the templates with the pipeline's plan: queues, redrive, times, functions, alarms.

Each function returns findings, sentences that say what does not agree; no findings mean agreement.
"""

import json
import pathlib
import re
import subprocess

from infra.template import Stack

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
# The program reports these in CloudWatch's embedded metric format, all with the dimension Environment.
# alarm: (comparison, threshold, metrics)
OWN_ALARMS = {
    "job-success": ("LessThanThreshold", 95, {"JobsSucceeded", "JobsPartial", "JobsFailed"}),
    "job-duration": ("GreaterThanThreshold", 60_000, {"JobDurationMs"}),
    "batch-fill": ("LessThanThreshold", 50, {"BatchFillPercent"}),
    "model-errors": ("GreaterThanThreshold", 5, {"ModelRequests", "ModelErrors"}),
    "workers-unhealthy": ("GreaterThanThreshold", 0, {"WorkersUnhealthy"}),
}
OWN_METRICS = {metric for _, _, metrics in OWN_ALARMS.values() for metric in metrics}
ENVIRONMENT = "agreement"
MAX_FUNCTION_SECONDS = 900
# It asks after a unit and lets its message go, and runs none.
DISPATCH_SECONDS = 120
MAX_DEPTH = 100
PARAMETERS = {"Environment": ENVIRONMENT, "BucketName": "doctown-agreement", "WorkerPrincipal": "000000000000"}
SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:name"
FUNCTIONS = {
    "DeployLambda": "true",
    "DeployDispatch": "true",
    "ImageUri": "registry/doctown@sha256:" + "0" * 64,
    "EmbedImageUri": "registry/doctown-embed@sha256:" + "0" * 64,
    "RunPodEndpointId": "endpoint",
    "RunPodKeySecretArn": SECRET + "-runpod",
    "StoreEndpoint": "https://r2.example",
    "StoreKeySecretArn": SECRET + "-store",
    "GithubTokenSecretArn": SECRET + "-github",
    "ModelBaseUrl": "https://model.example/v1",
    "ModelKeySecretArn": SECRET + "-model",
    "AccountsSecretArn": SECRET + "-accounts",
    "PublicUrl": "https://doctown.example",
    "GithubClientId": "Iv1.agreement",
    "BuildPushes": "true",
    "IngestSubnets": "subnet-1,subnet-2",
    "IngestSecurityGroups": "sg-1",
}
# Embedding by a function on the CPU, which is the default.
EMBEDS = {**FUNCTIONS, "DeployDispatch": "false"}
# Variables that hold a secret: whoever may read a function's configuration reads its variables.
SECRETS = {
    "DOCTOWN_GITHUB_TOKEN", "GITHUB_TOKEN", "DOCTOWN_LLM_KEY", "OPENAI_API_KEY", "RUNPOD_API_KEY",
    "DOCTOWN_STORE_ACCESS_KEY_ID", "DOCTOWN_STORE_SECRET_ACCESS_KEY", "DATABASE_URL",
    "DOCTOWN_ACCOUNTS_URL", "DOCTOWN_GITHUB_CLIENT_SECRET", "DOCTOWN_SECRET_KEYS",
    "DOCTOWN_GITHUB_APP_KEY", "DOCTOWN_GITHUB_WEBHOOK_SECRETS",
}
# Of each queue that infra/drain has an earlier release read.
DRAIN_CONCURRENCY = 2
# Images are described in dockerfiles/README.md.
ARCHITECTURES = ["x86_64"]
GPU_CONCURRENCY = "8"
NO_FUNCTIONS = {"DeployLambda": "false", "DeployDispatch": "false"}


class Plan:
    """The stages in order, as the program tells them, and the constants of the code that queues are made by."""

    def __init__(self, told):
        if (told.get("schema"), told.get("command")) != ("doctown.cli/1", "plan"):
            raise SystemExit(f"`doctown plan --json` answers as {told.get('schema')!r}, {told.get('command')!r}")
        self.rows = told["data"]
        self.stages = [row["stage"] for row in self.rows]
        self.max_receives = constant("common/pipeline/src/port/queue.rs", r"MAX_RECEIVES: u32 = (\d+);")
        self.visibility = constant(
            "common/pipeline/src/attempt.rs", r"VISIBILITY: Duration = Duration::from_secs\((\d+)\);"
        )
        self.retention = constant("common/runtime/src/queue/sqs.rs", r"RETENTION_SECONDS: u32 = ([\d_]+);")
        self.protocol = constant("common/runtime/src/queue/sqs.rs", r'PROTOCOL: &str = "(\w+)";')

    @classmethod
    def of_program(cls, program):
        told = subprocess.run([program, "plan", "--json"], check=True, stdout=subprocess.PIPE).stdout
        return cls(json.loads(told))

    def queue(self, row, environment=ENVIRONMENT):
        return f"doctown-{environment}-{row['queue']}-{self.protocol}"


def constant(path, pattern):
    found = re.findall(pattern, (ROOT / path).read_text())
    if len(found) != 1:
        raise SystemExit(f"`{pattern}` is {len(found)} times in {path}, expected once")
    return int(found[0].replace("_", "")) if found[0][0].isdigit() else found[0]


def check(plan, core, alarms, endpoints):
    """Checks both templates and the RunPod endpoints' files."""
    polled = Stack(core, PARAMETERS | NO_FUNCTIONS)
    findings = [*queues(plan, polled), *polled_visibility(plan, polled), *concurrency(plan, core)]
    for switches in (FUNCTIONS, EMBEDS):
        called = Stack(core, PARAMETERS | switches)
        findings += [*queues(plan, called), *functions(plan, called), *configurations(called)]
    watching = Stack(alarms, {"Environment": ENVIRONMENT})
    return findings + watched(plan, watching) + dashboard(plan, watching) + runpod(plan, endpoints)


def queues(plan, stack):
    """Every stage has its two queues under the code's names, and there are no others."""
    made = {queue["Properties"]["QueueName"]: queue for queue in stack.resources("AWS::SQS::Queue").values()}
    wanted = {name for row in plan.rows for name in (plan.queue(row), plan.queue(row) + "-dead")}
    findings = [f"queue {name} is missing" for name in sorted(wanted - set(made))]
    findings += [f"queue {name} is of no stage" for name in sorted(set(made) - wanted)]
    for row in plan.rows:
        name = plan.queue(row)
        if name not in made or f"{name}-dead" not in made:
            continue
        work, dead = made[name], made[f"{name}-dead"]
        redrive = {"deadLetterTargetArn": stack.arn("sqs", f"{name}-dead"), "maxReceiveCount": plan.max_receives}
        allowed = {"redrivePermission": "byQueue", "sourceQueueArns": [stack.arn("sqs", name)]}
        findings += differing(name, work["Properties"], RedrivePolicy=redrive)
        findings += differing(f"{name}-dead", dead["Properties"], RedriveAllowPolicy=allowed, RedrivePolicy=None)
        findings += differing(f"{name}-dead", dead, DeletionPolicy="Retain", UpdateReplacePolicy="Retain")
        for at, queue in ((name, work), (f"{name}-dead", dead)):
            findings += differing(
                at, queue["Properties"], MessageRetentionPeriod=plan.retention, SqsManagedSseEnabled=True
            )
    return findings


def polled_visibility(plan, stack):
    findings = []
    for queue in stack.resources("AWS::SQS::Queue").values():
        findings += differing(queue["Properties"]["QueueName"], queue["Properties"], VisibilityTimeout=plan.visibility)
    return findings


def functions(plan, stack):
    """Each queue has one function, and hides messages six times as long as it may run."""
    findings = []
    made = {
        entry["Properties"]["FunctionName"]: entry["Properties"]
        for entry in stack.resources("AWS::Lambda::Function").values()
    }
    sources = {}
    for name, entry in stack.resources("AWS::Lambda::EventSourceMapping").items():
        sources.setdefault(entry["Properties"]["EventSourceArn"], []).append(entry["Properties"])
        findings += differing(name, entry["Properties"], FunctionResponseTypes=["ReportBatchItemFailures"])
    visibility = {
        stack.arn("sqs", entry["Properties"]["QueueName"]): entry["Properties"].get("VisibilityTimeout", 30)
        for entry in stack.resources("AWS::SQS::Queue").values()
    }
    for row in plan.rows:
        is_dispatched = row["stage"] == "embed" and stack.condition("WithDispatch")
        wanted = f"doctown-{ENVIRONMENT}-{'dispatch' if is_dispatched else row['stage']}"
        timeout = made.get(wanted, {}).get("Timeout", 0)
        if timeout != (DISPATCH_SECONDS if is_dispatched else min(row["time_limit_s"], MAX_FUNCTION_SECONDS)):
            findings.append(f"function {wanted} may run {timeout} s, a try {row['time_limit_s']} s")
        for queue in (plan.queue(row), plan.queue(row) + "-dead"):
            readers = sources.pop(stack.arn("sqs", queue), [])
            if [reader["FunctionName"] for reader in readers] != [wanted]:
                findings.append(f"queue {queue} is not read by {wanted} alone")
            if visibility.get(stack.arn("sqs", queue), 0) < 6 * timeout:
                findings.append(f"queue {queue} hides messages less than six times the {timeout} s of {wanted}")
    return findings + [f"{arn} is read, and is of no stage" for arn in sources]


def configurations(stack):
    """No function is given a secret, nor an architecture without an image."""
    findings = []
    for name, entry in stack.resources("AWS::Lambda::Function").items():
        findings += differing(name, entry["Properties"], Architectures=ARCHITECTURES)
        for variable, value in entry["Properties"]["Environment"]["Variables"].items():
            if variable in SECRETS or "{{resolve:" in str(value):
                findings.append(f"{name}: {variable} shows a secret to whoever may read the configuration")
    return findings


def concurrency(plan, core):
    """Whatever the account allows, all functions at once stay below it, those of an earlier release included."""
    findings = []
    for allowed in core["Parameters"]["AccountConcurrency"]["AllowedValues"]:
        for switches in (FUNCTIONS, EMBEDS):
            stack = Stack(core, PARAMETERS | switches | {"AccountConcurrency": allowed})
            mappings = stack.resources("AWS::Lambda::EventSourceMapping").values()
            limits = [entry["Properties"].get("ScalingConfig", {}).get("MaximumConcurrency") for entry in mappings]
            by_time = len(stack.resources("AWS::Events::Rule"))
            if None in limits:
                findings.append("a mapping has no limit of its own")
                continue
            wanted = sum(limits) + by_time + DRAIN_CONCURRENCY * len(plan.rows)
            if wanted > int(allowed):
                findings.append(f"up to {wanted} functions at once, where the account allows {allowed}")
    return findings


def watched(plan, stack):
    """Every queue has its three alarms, with the plan's times; the program's own metrics have theirs."""
    made = {
        entry["Properties"]["AlarmName"]: entry["Properties"]
        for entry in stack.resources("AWS::CloudWatch::Alarm").values()
    }
    findings = []
    for row in plan.rows:
        queue = plan.queue(row)
        for kind, metric, limit in (
            ("depth", "ApproximateNumberOfMessagesVisible", MAX_DEPTH),
            ("age", "ApproximateAgeOfOldestMessage", row["time_limit_s"]),
        ):
            name = f"doctown-{ENVIRONMENT}-{row['stage']}-{kind}"
            findings += differing(
                name,
                made.get(name, {}),
                Threshold=limit,
                MetricName=metric,
                ComparisonOperator="GreaterThanThreshold",
                Dimensions=[{"Name": "QueueName", "Value": queue}],
            )
        name = f"doctown-{ENVIRONMENT}-{row['stage']}-dead"
        findings += differing(name, made.get(name, {}), Threshold=0, ComparisonOperator="GreaterThanThreshold")
        if {metric["Dimensions"][0]["Value"] for metric in metrics_of(made.get(name, {}))} != {f"{queue}-dead"}:
            findings.append(f"alarm {name} does not watch {queue}-dead")
    for kind, (comparison, limit, metrics) in OWN_ALARMS.items():
        name = f"doctown-{ENVIRONMENT}-{kind}"
        findings += differing(name, made.get(name, {}), Threshold=limit, ComparisonOperator=comparison)
        watched_metrics = {(metric["Namespace"], metric["MetricName"]) for metric in metrics_of(made.get(name, {}))}
        if watched_metrics != {("Doctown", metric) for metric in metrics}:
            findings.append(f"alarm {name} watches {sorted(watched_metrics)}, expected {sorted(metrics)}")
    own = [metric for alarm in made.values() for metric in metrics_of(alarm) if metric["Namespace"] == "Doctown"]
    if any(metric["Dimensions"] != [{"Name": "Environment", "Value": ENVIRONMENT}] for metric in own):
        findings.append("a metric of the program is watched under other dimensions than Environment")
    topic = stack.ref("AlarmTopic")
    return findings + [
        f"alarm {name} tells nobody" for name, alarm in made.items() if alarm.get("AlarmActions") != [topic]
    ]


def dashboard(plan, stack):
    """What is drawn exists: the text is JSON, and each metric is the program's own or one of a queue of ours."""
    (drawn,) = stack.resources("AWS::CloudWatch::Dashboard").values()
    findings, names = [], {plan.queue(row) + end for row in plan.rows for end in ("", "-dead")}
    for widget in json.loads(drawn["Properties"]["DashboardBody"])["widgets"]:
        for metric in widget["properties"]["metrics"]:
            # A metric may begin with "...", for what the one above it begins with.
            known = {ENVIRONMENT} if metric[0] == "Doctown" else names
            if metric[-1] not in known or metric[0] == "Doctown" and metric[1] not in OWN_METRICS:
                findings.append(f"the dashboard draws {metric}")
    return findings


def unknown_variables(program, core, endpoints):
    """Every variable that functions and endpoints are given is one that the program reads."""
    told = subprocess.run([program, "config", "show", "--json"], check=True, stdout=subprocess.PIPE).stdout
    known = {setting["name"] for setting in json.loads(told)["data"]}
    given = {name for endpoint in endpoints.values() for part in ("env", "secrets", "optional") for name in endpoint[part]}
    for switches in (FUNCTIONS, EMBEDS):
        functions_made = Stack(core, PARAMETERS | switches).resources("AWS::Lambda::Function").values()
        given |= {name for entry in functions_made for name in entry["Properties"]["Environment"]["Variables"]}
    return [f"the program reads no variable {name}" for name in sorted(given - known) if name.startswith("DOCTOWN_")]


def unexplained(alarms, guide):
    """Every alarm has its row in the operator's guide."""
    made = Stack(alarms, {"Environment": ENVIRONMENT}).resources("AWS::CloudWatch::Alarm").values()
    kinds = {entry["Properties"]["AlarmName"].removeprefix(f"doctown-{ENVIRONMENT}-") for entry in made}
    rows = {kind if kind in OWN_ALARMS else f"STAGE-{kind.rsplit('-', 1)[1]}" for kind in kinds}
    return unexplained_of(rows, guide)


def unexplained_of(rows, guide):
    return [f"the guide does not explain {row}" for row in sorted(rows) if f"| `{row}` |" not in guide]


def metrics_of(alarm):
    if "Namespace" in alarm:
        return [alarm]
    return [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]


def runpod(plan, endpoints):
    """Every stage has a file with its own name, command and time; embed's is for a GPU and feeds it."""
    findings = [f"infra/runpod/{stage}.json is of no stage" for stage in sorted(set(endpoints) - set(plan.stages))]
    for row in plan.rows:
        stage, at = row["stage"], f"infra/runpod/{row['stage']}.json"
        if stage not in endpoints:
            findings.append(f"{at} is missing")
            continue
        endpoint = endpoints[stage]
        findings += differing(
            at, endpoint, name=f"doctown-${{DOCTOWN_ENVIRONMENT}}-{stage}", timeout=row["time_limit_s"] * 1000, type="QUEUE"
        )
        findings += differing(f"{at}: env", endpoint["env"], DOCTOWN_MODE="runpod", DOCTOWN_LOCAL_PATHS="false")
        shown = sorted(SECRETS & set(endpoint["env"]))
        findings += [f"{at}: {variable} is no secret there" for variable in shown]
        if stage == "embed":
            findings += differing(f"{at}: env", endpoint["env"], DOCTOWN_DEVICE="cuda", DOCTOWN_CONCURRENCY=GPU_CONCURRENCY)
        else:
            findings += differing(at, endpoint, args=stage, image="${DOCTOWN_CPU_IMAGE}", gpu=None)
    return findings


def differing(at, properties, **wanted):
    return [
        f"{at}: {name} is {properties.get(name)!r}, expected {value!r}"
        for name, value in wanted.items()
        if properties.get(name) != value
    ]
