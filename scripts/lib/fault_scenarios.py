"""The faults that jobs are put through, each a list of jobs with a plan by a seed."""

import asyncio
import dataclasses
import datetime
import json
import pathlib
import shutil

import fault_disk
from fault_arena import Job
from fault_plans import (
    Answer, At, Copies, Damage, Delay, Each, ForAWhile, Hang, Kill, KillsAtRandom, Late, LoseAnswer, Often, Pause,
    Poison, Replay, Swallow, dice, terminate,
)

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
# Five receives of a message that nobody acknowledges, each hiding it for a minute.
MAX_BURIAL_SECONDS = 420
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
    # Why it cannot run here.
    lacks: str | None = None
    # Runs when all jobs are over and returns what is off: `finish(arena, full)`.
    finish: object = None
    # Instead of jobs: `alone(arena, seed, full)` returns outcomes and problems.
    alone: object = None


def kill_points(seed, full, calls):
    """A kill on either side of each call that a rehearsed job made, or of some that differ most."""
    points = [(where, side) for where in sorted(calls) for side in ("before", "after")]
    # Whose message it is, is known after it was received.
    points = [(where, side) for where, side in points if side == "after" or not where.startswith("receive")]
    if not full:
        chosen = ("receive ingest", "create try ingest", "create artifacts ingest", "create done ingest",
                  "swap state embed", "send assemble", "create done pack", "acknowledge pack")
        points = [(where, side) for where, side in points if where in chosen]
    return [Job(f"{where} {side}", At(where, Kill(side))) for where, side in points]


def random_kills(seed, full, calls):
    n_calls = sum(calls.values())
    # Later calls are not certain to come: some runs need a few less.
    return [Job(f"seed {one}", KillsAtRandom(one, 1 + int(dice(one, "kills") * MAX_KILLS), int(n_calls * 0.9)))
            for one in range(seed, seed + (200 if full else 6))]


def submit_kills(seed, full, calls):
    wheres = ("create active", "create state", "get state", "swap state ingest", "send ingest")
    wheres = wheres if full else wheres[1:2] + wheres[4:]
    return [Job(f"{where} {side}", submit_plan=At(where, Kill(side))) for where in wheres for side in ("before", "after")]


def terminations(seed, full, calls):
    # Longer than the grace of a try that was asked to stop, and shorter.
    pauses = {"while an artifact is written": ("create artifacts ingest", 2),
              "in a unit that does not stop": ("create artifacts assemble", 25),
              "while a marker is written": ("create done pack", 2)}
    return [Job(label, At(where, Pause(seconds, terminate))) for label, (where, seconds) in pauses.items()]


def of_kind(*names):
    return lambda call: call.name in names


def message_faults(seed, full, calls):
    sends, acknowledgements = of_kind("send"), of_kind("acknowledge")
    plans = {
        "each message ten times": lambda one: Often(one, 1, sends, lambda n: Copies([3 * k * n for k in range(9)])),
        "a copy when the job is over": lambda one: Often(one, 1, sends, lambda n: Copies([45])),
        "delayed and reordered": lambda one: Often(one, 0.8, sends, lambda n: Delay(n * 20)),
        "deleted but received again": lambda one: Often(one, 0.6, acknowledgements, lambda n: Swallow()),
    }
    return [Job(f"{label}, {one}", plan(one)) for one in range(seed, seed + (5 if full else 1))
            for label, plan in plans.items()]


def lost_messages(seed, full, calls):
    jobs = [Job(f"lost for {stage}", At(f"send {stage}", Swallow())) for stage in ("assemble", "generate", "pack")]
    return [Job("lost by the submitter", submit_plan=At("send ingest", Swallow())), *jobs]


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


async def wait_for_burial(arena, full):
    """What is no message at all is received five times, a minute apart, becomes a dead letter and goes."""
    for _ in range(MAX_BURIAL_SECONDS if full else 0):
        left = sum((await arena.depths(dead=False)).values()) + sum((await arena.depths(dead=True)).values())
        if left == 0:
            return []
        await asyncio.sleep(1)
    return [f"{left} forged messages are still there"] if full else []


def forged_messages(seed, full, calls):
    return [Job("forged", prepare=forge, must_inject=False)]


def any_of_the_job(call):
    return call.job is not None


def writes_of_the_job(call):
    return call.job is not None and call.is_write


def conditional_writes_of_the_job(call):
    return call.job is not None and call.is_conditional


def reads_of_the_job(call):
    return call.job is not None and call.verb in ("get", "list")


def server_errors(seed, full, calls):
    refusals = [Answer(500, "InternalError"), Answer(503, "SlowDown"), Answer(429, "TooManyRequests"),
                Answer(503, "ServiceUnavailable")]
    return [Job(f"seed {one}", Often(one, 0.3, any_of_the_job, lambda n: refusals[int(n * len(refusals))]))
            for one in range(seed, seed + (20 if full else 2))]


def lost_answers(seed, full, calls):
    return [Job(f"seed {one}", Often(one, 0.25, writes_of_the_job, lambda n: LoseAnswer()))
            for one in range(seed, seed + (20 if full else 2))]


def late_writes(seed, full, calls):
    def choose(number):
        return Late(0.5 + number * 12, tells=number < 0.5)
    return [Job(f"seed {one}", Often(one, 0.15, writes_of_the_job, choose))
            for one in range(seed, seed + (20 if full else 2))]


def conflicts(seed, full, calls):
    plans = {"409": (0.5, Answer(409, "ConditionalRequestConflict")), "412 to own writes": (1, Replay())}
    return [Job(f"{label}, seed {one}", Often(one, share, conditional_writes_of_the_job, lambda n, fault=fault: fault))
            for one in range(seed, seed + (10 if full else 1)) for label, (share, fault) in plans.items()]


def damaged_reads(seed, full, calls):
    return [Job(f"{how}, seed {one}", Often(one, 0.15, reads_of_the_job, lambda n, how=how: Damage(how, n)))
            for one in range(seed, seed + (20 if full else 2)) for how in ("flip", "cut", "short")]


def hangs(seed, full, calls):
    wheres = ("get artifacts ingest", "create done ingest", "swap state assemble", "send generate", "list group generate")
    return [Job(where, At(where, Hang(70))) for where in (wheres if full else wheres[1:2])]


def queue_down(seed, full, calls):
    refusal = Answer(503, "ServiceUnavailable")
    return [Job("sends for 30 s", ForAWhile(30, of_kind("send"), refusal)),
            Job("acknowledgements for 30 s", ForAWhile(30, of_kind("acknowledge"), refusal))]


async def repin(arena, job, change):
    """Rewrites the state document as another version of the program would have it."""
    key = f"{arena.prefix}jobs/local/{job.id}/state.json"
    answer = await arena.kit.ask(arena.kit.s3.get_object, Bucket=arena.kit.bucket, Key=key)
    state = json.loads(await arena.kit.ask(answer["Body"].read))
    change(state)
    await arena.kit.ask(arena.kit.s3.put_object, Bucket=arena.kit.bucket, Key=key, Body=json.dumps(state).encode())


def other_versions(seed, full, calls):
    """Jobs of other versions lie beside jobs of this one, of which some also need a lost message back."""
    async def pin(arena, job):
        deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=75)

        def change(state):
            state["stage_versions"] = {stage: "9.9.9+99" for stage in state["stage_versions"]}
            state["deadline"] = deadline.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        await repin(arena, job, change)

    async def add_foreign(arena, job):
        """A job of another schema, which the reaper meets first; no worker of ours may touch it."""
        name = "job-00000000000000000000000000000000-1"
        body = json.dumps({"schema_version": 2, "job": name}).encode()
        objects = {f"jobs/local/{name}/state.json": body, f"local/index/active/{name}": b'"2020-01-01T00:00:00.000Z"'}
        for key, content in objects.items():
            await arena.kit.ask(arena.kit.s3.put_object, Bucket=arena.kit.bucket, Body=content,
                                Key=f"{arena.prefix}{key}")
        arena.foreign[name] = body

    return [Job("of another version", phase="failed", code="deadline_exceeded", prepare=pin, must_inject=False,
                max_tries=0),
            Job("of this version", must_inject=False),
            Job("of this version, a message lost, beside another schema", At("send pack", Swallow()), prepare=add_foreign)]


def skewed_clock(arena, idx):
    """The first worker's clock is right, the second's an hour ahead, the third's an hour behind."""
    return faketime(FAKETIME=["+0", "+3600s", "-3600s"][idx % 3])


def movable_clock(arena, idx):
    """All workers have the time that the arena's file tells."""
    set_clock(arena, 0)
    return faketime(FAKETIME_TIMESTAMP_FILE=str(arena.clock), FAKETIME_CACHE_DURATION="1")


def faketime(**settings):
    # What measures durations goes on as before: it is the wall clock that is wrong.
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1", **settings}


def set_clock(arena, seconds):
    arena.clock.write_text(f"{seconds:+d}s\n")


def skewed_clocks(seed, full, calls):
    # To a clock that is an hour ahead every lease is over, so it may begin what another is at: once more, unharmed.
    spare = {"n_spare_tries": 1}
    jobs = [Job(f"skewed, {one}", must_inject=False, **spare) for one in range(seed, seed + (6 if full else 2))]
    wheres = ("create try ingest", "create artifacts pack")
    return jobs + [Job(f"skewed, killed at {where}", At(where, Kill("after")), **spare) for where in wheres]


def jumping_clocks(seed, full, calls):
    """In the middle of a unit it is an hour later, in the middle of another an hour earlier again."""
    plan = Each(At("create artifacts ingest", Pause(5, lambda door: set_clock(door.arena, 3_600))),
                At("create artifacts pack", Pause(5, lambda door: set_clock(door.arena, -3_600))))
    return [Job("forward and back", plan), Job("beside", must_inject=False)]


def short_lease(arena, idx):
    """A lease of seconds: three of them and a last look for the unit are waited for by the real clock."""
    return {"DOCTOWN_LEASE_SECONDS": "10"}


def poison(seed, full, calls):
    return [Job("poisoned", Poison("embed"), phase="partial", code="attempts_exhausted", max_injected=3),
            Job("beside it", must_inject=False), Job("beside it too", must_inject=False)]


def embed_kills(seed, full, calls):
    wheres = [where for where in sorted(calls) if where.endswith((" embed", " cache"))]
    wheres = wheres if full else ["create artifacts embed"]
    # What each of the four units does is disturbed at the second, with one done and others to come.
    return [Job(f"{where} {side}", At(where, Kill(side), nth=2 if calls[where] >= 4 else 1))
            for where in wheres for side in ("before", "after") if side == "after" or not where.startswith("receive")]


def scenarios():
    """Lists every kind of fault: those first that wait longest."""
    three, four, six = {"n_workers": 3}, {"n_workers": 4}, {"n_workers": 6}
    no_faketime = None if FAKETIME else "the Debian package `faketime` is not installed"
    no_disk = fault_disk.lacks()
    return [
        Scenario("kill-points", "`kill -9` at a call", "before and after each store and queue call of a worker",
                 kill_points, four, rehearses=True, n_in_flight=32),
        Scenario("random-kills", "`kill -9` once or twice", "at calls picked by the seed",
                 random_kills, six, rehearses=True, n_in_flight=32),
        Scenario("submit-kills", "`kill -9` of the submitter", "before and after each of its calls", submit_kills),
        Scenario("embed-kills", "`kill -9` in one of four embedding units", "before and after each call",
                 embed_kills, {"n_workers": 4, "n_files": 4}, rehearses=True, n_in_flight=16),
        Scenario("poison", "a unit that kills each worker that reads it", "one of four embedding units", poison,
                 {"n_files": 4, "worker_environment": short_lease}),
        Scenario("sigterm", "SIGTERM in the middle of a unit", "three units", terminations, three),
        Scenario("messages", "messages repeated, delayed, reordered, not deleted", "all queues", message_faults, three),
        Scenario("lost-messages", "a message lost after SQS accepted it", "each queue", lost_messages, three),
        Scenario("forged-messages", "ten kinds of forged messages", "the first queue", forged_messages,
                 finish=wait_for_burial),
        Scenario("server-errors", "500, 503, SlowDown, 429 to 30 % of calls", "all calls of a job", server_errors, three),
        Scenario("lost-answers", "25 % of writes done, but their answers lost", "all writes of a job", lost_answers, three),
        Scenario("late-writes", "15 % of writes done up to 12 s late", "all writes of a job", late_writes, three),
        Scenario("conflicts", "409 for half of the conditional writes, or 412 for every one that succeeded",
                 "all conditional writes", conflicts, three),
        Scenario("damaged-reads", "15 % of reads cut, shortened or with a wrong bit", "all reads of a job",
                 damaged_reads, three),
        Scenario("hangs", "no byte sent for 70 s", "a read, writes, a send, a list", hangs, three),
        Scenario("queue-down", "SQS down for 30 s", "sends, acknowledgements", queue_down, three),
        Scenario("versions", "jobs of another version or schema", "beside jobs of this version", other_versions,
                 {**three, "starts_late": True}),
        Scenario("skewed-clocks", "clocks an hour ahead and behind", "two of three workers", skewed_clocks,
                 {**three, "worker_environment": skewed_clock}, lacks=no_faketime),
        Scenario("jumping-clocks", "clocks jump an hour ahead, then two back", "in the middle of units", jumping_clocks,
                 {**three, "worker_environment": movable_clock}, lacks=no_faketime),
        Scenario("workers-without-disk", "home and temporary folder on a full disk", "all workers",
                 fault_disk.workers_without_disk, {"worker_environment": fault_disk.on_a_full_disk}, lacks=no_disk,
                 finish=fault_disk.unmount_all),
        Scenario("laptop-without-disk", "the store's disk is full", "`doctown build`, at most of its writes", None,
                 {"n_workers": 0}, lacks=no_disk, alone=fault_disk.laptop),
    ]
