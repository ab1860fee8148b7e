"""The faults that jobs are put through, each a list of jobs with a plan by a seed."""

import dataclasses
import json
import pathlib
import shutil

from fault_arena import Job
from fault_plans import (
    Answer, At, Copies, Damage, Delay, Each, ForAWhile, Hang, Kill, KillsAtRandom, Late, LoseAnswer, Often, Pause,
    Replay, Swallow, dice, terminate,
)

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
# A platform that kills the same unit three times has it given up; two kills leave it its third try.
MAX_KILLS = 2


@dataclasses.dataclass
class Scenario:
    name: str
    fault: str
    where: str
    # Gives the jobs for seed, size (`True` for full) and the calls of the rehearsal.
    jobs: object
    arena: dict = dataclasses.field(default_factory=dict)
    rehearses: bool = False
    n_in_flight: int = 16
    # Only in the full run.
    full_only: bool = False
    # Why it cannot run here.
    lacks: str | None = None


def kill_points(seed, full, calls):
    """A kill on either side of each call that a rehearsed job made, or of some that differ most."""
    points = [(where, side) for where in sorted(calls) for side in ("before", "after")]
    points = [point for point in points if point[0].split(" ")[0] not in ("open", "receive", "depth") or point[1] == "after"]
    if not full:
        chosen = ("receive ingest", "create try ingest", "create artifacts ingest", "create done ingest", "swap state embed",
                  "send assemble", "create done pack", "acknowledge pack")
        points = [(where, side) for where, side in points if where in chosen]
    return [Job(f"{where} {side}", At(where, Kill(side))) for where, side in points]


def random_kills(seed, full, calls):
    n_calls = sum(calls.values())
    seeds = range(seed, seed + (200 if full else 6))
    return [Job(f"seed {one}", KillsAtRandom(one, 1 + int(dice(one, "kills") * MAX_KILLS), int(n_calls * 0.9))) for one in seeds]


def submit_kills(seed, full, calls):
    wheres = ("create active", "create state", "get state", "swap state ingest", "send ingest")
    return [Job(f"{where} {side}", submit_plan=At(where, Kill(side)), must_inject=True)
            for where in (wheres if full else wheres[1:2] + wheres[4:]) for side in ("before", "after")]


def terminations(seed, full, calls):
    # Longer than the grace of a try that was asked to stop, and shorter.
    pauses = {"while an artifact is written": ("create artifacts ingest", 2), "in a unit that does not stop": ("create artifacts assemble", 25),
              "while a marker is written": ("create done pack", 2)}
    return [Job(label, At(where, Pause(seconds, terminate))) for label, (where, seconds) in pauses.items()]


def of_kind(*names):
    return lambda call: call.name in names


def message_faults(seed, full, calls):
    def delayed(number):
        return Delay(number * 20)

    jobs = []
    for one in range(seed, seed + (5 if full else 1)):
        jobs += [
            Job(f"each message ten times, {one}", Often(one, 1, of_kind("send"), lambda n: Copies([3 * k * n for k in range(9)]))),
            Job(f"a copy when the job is over, {one}", Often(one, 1, of_kind("send"), lambda n: Copies([45]))),
            Job(f"delayed and reordered, {one}", Often(one, 0.8, of_kind("send"), delayed)),
            Job(f"answered but received again, {one}", Often(one, 0.6, of_kind("acknowledge"), lambda n: Swallow())),
        ]
    return jobs


def lost_messages(seed, full, calls):
    return [Job(f"lost for {stage}", At(f"send {stage}", Swallow()), n_spare_tries=0) for stage in ("assemble", "generate", "pack")] + [
        Job("lost by the submitter", submit_plan=At("send ingest", Swallow()))]


FORGED = {
    "garbage": "}{",
    "an unknown schema": {"schema": "doctown.unit/9"},
    "an unknown job": {"job": "job-00000000000000000000000000000000-1"},
    "another tenant's": {"tenant": "somebody-else"},
    "an unknown unit": {"stage": "embed", "unit": "0" * 64},
    "a stage's second unit": {"unit": "0" * 64},
    "a later stage first": {"stage": "pack"},
    "a path for an id": {"job": "../../../etc/passwd"},
    "a word for a stage": {"stage": "erase"},
    "nested too deep": "[" * 100_000,
}


async def forge(arena, job):
    """Puts messages into the queue that nobody of ours sent."""
    right = {"schema": "doctown.unit/1", "tenant": "local", "job": job.id, "stage": "ingest", "unit": "whole",
             "trace_id": "0" * 32}
    url = await arena.queue_url("ingest")
    for change in FORGED.values():
        body = change if isinstance(change, str) else json.dumps({**right, **change})
        await arena.kit.ask(arena.kit.sqs.send_message, QueueUrl=url, MessageBody=body)


def forged_messages(seed, full, calls):
    return [Job("forged", prepare=forge, must_inject=False)]


def any_of_the_job(call):
    return call.job is not None


def server_errors(seed, full, calls):
    def choose(number):
        return [Answer(500, "InternalError"), Answer(503, "SlowDown"), Answer(429, "TooManyRequests"), Answer(503, "ServiceUnavailable")][int(number * 4)]
    return [Job(f"seed {one}", Often(one, 0.3, any_of_the_job, choose)) for one in range(seed, seed + (20 if full else 2))]


def lost_answers(seed, full, calls):
    return [Job(f"seed {one}", Often(one, 0.25, lambda call: call.job and call.is_write, lambda n: LoseAnswer()))
            for one in range(seed, seed + (20 if full else 2))]


def late_writes(seed, full, calls):
    def choose(number):
        return Late(0.5 + number * 12, tells=number < 0.5)
    return [Job(f"seed {one}", Often(one, 0.15, lambda call: call.job and call.is_write, choose))
            for one in range(seed, seed + (20 if full else 2))]


def conflicts(seed, full, calls):
    jobs = []
    for one in range(seed, seed + (10 if full else 1)):
        refusal = Answer(409, "ConditionalRequestConflict")
        jobs += [Job(f"409, seed {one}", Often(one, 0.5, lambda call: call.job and call.is_conditional, lambda n, refusal=refusal: refusal)),
                 Job(f"412 to each own write, {one}", Often(one, 1, lambda call: call.job and call.is_conditional, lambda n: Replay()))]
    return jobs


def damaged_reads(seed, full, calls):
    jobs = []
    for one in range(seed, seed + (20 if full else 2)):
        for how in ("flip", "cut", "short"):
            jobs.append(Job(f"{how}, seed {one}", Often(one, 0.15, lambda call: call.job and call.verb in ("get", "list"),
                                                       lambda n, how=how: Damage(how, n))))
    return jobs


def hangs(seed, full, calls):
    wheres = ("get artifacts ingest", "create done ingest", "swap state assemble", "send generate", "list done")
    return [Job(where, At(where, Hang(70))) for where in (wheres if full else wheres[1:2])]


def queue_down(seed, full, calls):
    refusal = Answer(503, "ServiceUnavailable")
    return [Job("sends for 30 s", ForAWhile(30, of_kind("send"), refusal)),
            Job("acknowledgements for 30 s", ForAWhile(30, of_kind("acknowledge"), refusal))]


async def repin(arena, job, change):
    """Rewrites the state document as another version of the program would have it."""
    key = f"{arena.prefix}local/jobs/{job.id}/state.json"
    answer = await arena.kit.ask(arena.kit.s3.get_object, Bucket=arena.kit.bucket, Key=key)
    state = json.loads(await arena.kit.ask(answer["Body"].read))
    change(state)
    await arena.kit.ask(arena.kit.s3.put_object, Bucket=arena.kit.bucket, Key=key, Body=json.dumps(state).encode())


def other_versions(seed, full, calls):
    """Jobs of another version lie beside jobs of this one, of which one also needs a lost message back."""
    async def pin(arena, job):
        deadline = await in_a_minute()

        def change(state):
            state["stage_versions"] = {stage: "9.9.9+99" for stage in state["stage_versions"]}
            state["deadline"] = deadline
        await repin(arena, job, change)

    return [Job("of another version", phase="failed", code="deadline_exceeded", prepare=pin, must_inject=False),
            Job("of this version", must_inject=False),
            Job("of this version, a message lost", At("send pack", Swallow()))]


async def in_a_minute():
    import datetime
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=75)
    return then.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def skewed_clock(idx):
    """The first worker's clock is right, the second's an hour ahead, the third's an hour behind."""
    offset = [None, "+3600s", "-3600s"][idx % 3]
    return {} if offset is None else {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def clocks(seed, full, calls):
    jobs = [Job(f"skewed, {one}", must_inject=False) for one in range(seed, seed + (6 if full else 2))]
    jobs += [Job(f"skewed, killed at {where}", At(where, Kill("after"))) for where in ("create try ingest", "create artifacts pack")]
    return jobs


def embed_kills(seed, full, calls):
    points = [(where, side) for where in sorted(calls) if where.endswith("embed") or where in ("create cache", "put cache")
              for side in ("before", "after")]
    if not full:
        points = [("create artifacts embed", "after")]
    return [Job(f"{where} {side}", At(where, Kill(side), nth=2 if where.endswith("embed") and not where.startswith("swap") else 1))
            for where, side in points if not where.startswith("receive") or side == "after"]


def scenarios():
    workers = {"n_workers": 3}
    return [
        Scenario("kill-points", "`kill -9` at a call", "before and after each store and queue call of a worker", kill_points, {"n_workers": 4}, True, 64),
        Scenario("random-kills", "`kill -9` once or twice", "at calls picked by the seed", random_kills, {"n_workers": 6}, True, 48),
        Scenario("submit-kills", "`kill -9` of the submitter", "before and after each of its calls", submit_kills, {"n_workers": 2}),
        Scenario("embed-kills", "`kill -9` in one of four embedding units", "before and after each call", embed_kills, {"n_workers": 2, "n_files": 4}, True, 32),
        Scenario("sigterm", "SIGTERM in the middle of a unit", "three units", terminations, workers),
        Scenario("messages", "messages repeated, delayed, reordered, not deleted", "all queues", message_faults, workers),
        Scenario("lost-messages", "a message lost that SQS had accepted", "each queue", lost_messages, workers),
        Scenario("forged-messages", "ten kinds of forged messages", "the first queue", forged_messages, {"n_workers": 2}),
        Scenario("server-errors", "500, 503, SlowDown, 429 to 30 % of calls", "all calls of a job", server_errors, workers),
        Scenario("lost-answers", "25 % of writes done, their answers lost", "all writes of a job", lost_answers, workers),
        Scenario("late-writes", "15 % of writes done up to 12 s late", "all writes of a job", late_writes, workers),
        Scenario("conflicts", "409 to half, or 412 to every own conditional write", "all conditional writes", conflicts, workers),
        Scenario("damaged-reads", "15 % of reads cut, shortened or with a wrong bit", "all reads of a job", damaged_reads, workers),
        Scenario("hangs", "no byte for 70 s", "a read, writes, a send, a list", hangs, workers),
        Scenario("queue-down", "SQS down for 30 s", "sends, acknowledgements", queue_down, workers),
        Scenario("versions", "a job of another version of the workers", "beside jobs of this one", other_versions, {**workers, "starts_late": True}),
        Scenario("clocks", "clocks an hour ahead and behind", "two of three workers", clocks, {**workers, "worker_environment": skewed_clock},
                 lacks=None if FAKETIME else "the Debian package `faketime` is not installed"),
    ]
