"""What must hold when a job is over, whatever happened to it."""

import collections
import dataclasses
import hashlib
import json

MAX_STATE_WRITES = 12
PHASES = ["queued", "ingest", "embed", "assemble", "awaiting_approval", "generate", "pack",
          "completed", "partial", "failed", "cancelled"]


@dataclasses.dataclass
class Outcome:
    label: str
    seconds: float
    n_injected: int = 0
    n_extra_tries: int = 0
    # `None` where no pack is expected.
    is_equal: bool | None = None
    as_expected: bool = False
    problems: list = dataclasses.field(default_factory=list)


async def check_job(arena, job, expected, seconds):
    outcome = Outcome(job.label, seconds, arena.journal.injected[job.id])
    keys = await list_keys(arena, f"{arena.prefix}jobs/local/{job.id}/")
    state = json.loads(await read(arena, f"{arena.prefix}jobs/local/{job.id}/state.json"))
    problems = outcome.problems
    problems += check_end(job, state)
    outcome.as_expected = not problems
    if job.phase == "completed" and state["result"]:
        outcome.is_equal = await read(arena, docpack_key(arena, state)) == expected
        problems += [] if outcome.is_equal else ["the pack differs from the one made undisturbed"]
    problems += check_states(arena.journal.states[job.id])
    outcome.n_extra_tries, found = check_tries(arena, job, keys)
    problems += found
    problems += await check_writes(arena, job, keys)
    if job.must_inject and not outcome.n_injected:
        problems.append("no fault was injected")
    if job.max_injected is not None and outcome.n_injected > job.max_injected:
        problems.append(f"{outcome.n_injected} faults before it ended, at most {job.max_injected} are right")
    return outcome


def check_end(job, state):
    codes = [missing["code"] for missing in state["missing"]] + [(state["error"] or {}).get("code")]
    if state["phase"] != job.phase:
        return [f"ended in `{state['phase']}`, expected `{job.phase}`: {state['error'] or state['missing']}"]
    return [f"ended with {codes}, expected `{job.code}`"] if job.code and job.code not in codes else []


def docpack_key(arena, state):
    digests = [state["result"][name].removeprefix("sha256:") for name in ("docpack_id", "archive_sha256")]
    return f"{arena.prefix}local/docpacks/{digests[0]}/{digests[1]}.docpack"


def check_states(states):
    """Revisions grow by one, phases go forward, terminal is final, and writes are few."""
    problems = []
    for before, after in zip(states, states[1:]):
        if after["rev"] != before["rev"] + 1:
            problems.append(f"revision {after['rev']} was written over {before['rev']}")
        if PHASES.index(after["phase"]) <= PHASES.index(before["phase"]):
            problems.append(f"phase `{after['phase']}` follows `{before['phase']}`")
    if len(states) > MAX_STATE_WRITES:
        problems.append(f"{len(states)} writes of the state document, the limit is {MAX_STATE_WRITES}")
    return problems


def check_tries(arena, job, keys):
    """Work that was begun again is work that a crash or an end without result left."""
    begun, ended = collections.Counter(), collections.Counter()
    for key in keys:
        kind, *unit = key.split(f"jobs/local/{job.id}/")[1].split("/")
        if kind == "try":
            begun[unit[0], unit[1]] += 1
        elif kind == "try-end":
            ended[unit[0], unit[1]] += 1
    problems = []
    if job.max_tries is not None and sum(begun.values()) > job.max_tries:
        problems.append(f"{sum(begun.values())} tries, at most {job.max_tries} are right")
    for (stage, unit), n_begun in begun.items():
        n_right = 1 + arena.journal.crashes[job.id, stage, unit] + ended[stage, unit] + job.n_spare_tries
        if n_begun > n_right:
            problems.append(f"{n_begun} tries of `{stage}/{unit[:12]}`, at most {n_right} are due to faults")
    return sum(begun.values()) - len(begun), problems


async def check_writes(arena, job, keys):
    """What was confirmed as created is there, as it was written, and was accepted once."""
    problems = []
    for key, digests in arena.journal.accepted.items():
        if f"jobs/local/{job.id}/" not in key:
            continue
        if len(digests) > 1:
            problems.append(f"{key} was created {len(digests)} times")
        if f"{arena.prefix}{key}" not in keys:
            problems.append(f"{key} was confirmed and is gone")
        elif "/done/" in key or "/group/" in key:
            stored = hashlib.sha256(await read(arena, f"{arena.prefix}{key}")).hexdigest()
            problems += [] if stored == digests[0] else [f"{key} changed after it was confirmed"]
    return problems


async def check_foreign(arena):
    """What was not ours is as it was."""
    problems = []
    for job, written in arena.foreign.items():
        if await read(arena, f"{arena.prefix}jobs/local/{job}/state.json") != written:
            problems.append(f"{job} is of another schema and was changed")
    return problems


def check_logs(arena):
    """No log holds a secret or a panic; nothing that went to the server held a secret."""
    problems = list(arena.journal.problems)
    for log in sorted(arena.scratch.glob("*.log")):
        text = log.read_bytes()
        problems += [f"{log.name} holds a secret" for secret in arena.journal.secrets if secret in text]
        problems += [f"{log.name} tells of a panic"] if b"panicked at" in text else []
    return problems


async def read(arena, key):
    answer = await arena.kit.ask(arena.kit.s3.get_object, Bucket=arena.kit.bucket, Key=key)
    return await arena.kit.ask(answer["Body"].read)


async def list_keys(arena, prefix):
    keys, token = set(), {}
    while True:
        page = await arena.kit.ask(arena.kit.s3.list_objects_v2, Bucket=arena.kit.bucket, Prefix=prefix, **token)
        keys.update(entry["Key"] for entry in page.get("Contents", []))
        if not page["IsTruncated"]:
            return keys
        token = {"ContinuationToken": page["NextContinuationToken"]}
