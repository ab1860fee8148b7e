"""Workers behind doors, queues and a prefix of their own, and jobs that run there under faults."""

import asyncio
import dataclasses
import json
import os
import pathlib
import shutil
import time

import fault_checks
from fault_plans import Undisturbed
from fault_proxy import Door, Journal, Proxy

STAGES = ["ingest", "embed", "assemble", "generate", "pack"]
MAX_RECEIVES = 5
# A job is given up when no job of its arena has moved for so long: messages come back after a minute, several
# times, and on a busy machine jobs wait for each other.
MAX_QUIET_SECONDS = 300
MAX_SUBMITS = 6
# A job that is over leaves the index with the next look of a worker that reaps.
MAX_INDEX_SECONDS = 40
# A dead letter is looked at once a minute, and one that was looked at too early comes back after another.
MAX_DEAD_SECONDS = 150
# Functions in each file that is to be embedded: each is a chunk, and a unit has 192 to 256 of them.
UNIT_FUNCTIONS = 230
RESTART_SECONDS = 0.2
SECRET = "ghp_FaultHarness0123456789abcdefghijkl"
LOG = "info"
# The repository of a job: two files that call each other, and those that are embedded one by one.
MAIN = '''"""{title}."""
from words import count


def main(text):
    return count(text) + 1
'''
WORDS = """def count(text):
    return len(split(text))


def split(text):
    return text.split()
"""


@dataclasses.dataclass
class Job:
    """One job and what happens to it."""

    label: str
    plan: object = dataclasses.field(default_factory=Undisturbed)
    submit_plan: object = None
    # How it must end: a phase, and the error's or the missing units' code.
    phase: str = "completed"
    code: str | None = None
    # Runs between the submission and the start of the workers.
    prepare: object = None
    # Faults that must really have been injected, so that a plan that never fires is no success.
    must_inject: bool = True
    # Tries beyond the first that the fault itself makes right, besides one for each crash.
    n_spare_tries: int = 0
    # For a job that no worker may touch, and for faults that must stop by themselves.
    max_tries: int | None = None
    max_injected: int | None = None
    id: str | None = None


@dataclasses.dataclass
class Kit:
    """What all arenas share."""

    doctown: pathlib.Path
    host: str
    port: int
    s3: object
    sqs: object
    bucket: str
    scratch: pathlib.Path
    # A number in queues' names that no other run on this server has.
    run: int

    async def ask(self, call, **arguments):
        return await asyncio.to_thread(call, **arguments)


class Arena:
    def __init__(self, kit, name, n_workers=2, n_files=0, worker_environment=None, starts_late=False,
                 reaps=True):
        self.kit, self.name, self.n_workers = kit, name, n_workers
        # With files to embed there is a shard for each. The embedder is named, for a build on one's own machine has
        # another by default than a worker.
        self.n_files = n_files
        self.flags = ["--embedder", "minilm"] if n_files else ["--no-embeddings"]
        self.worker_environment = worker_environment or (lambda arena, idx: {})
        self.starts_late, self.reaps = starts_late, reaps
        self.scratch = kit.scratch / name
        self.scratch.mkdir()
        self.environment_name = f"faults-{kit.run}-{name}"
        self.prefix = f"{name}/"
        self.journal = Journal([SECRET])
        self.proxy = Proxy(kit.host, kit.port, self.prefix, self.journal)
        self.doors, self.keepers, self.stopping = [], [], False
        # Small disks that were mounted, jobs that are not ours, and the file that tells workers the time.
        self.disks, self.foreign, self.clock = [], {}, self.scratch / "clock"

    def environment(self, port):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "DOCTOWN_"))}
        model = os.environ.get("DOCTOWN_MODEL", str(pathlib.Path.home() / ".doctown/model"))
        return {**kept, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "DOCTOWN_ENVIRONMENT": self.environment_name,
                "DOCTOWN_STORE": f"s3://{self.kit.bucket}/{self.name}", "DOCTOWN_HOME": str(self.scratch / "home"),
                "DOCTOWN_MODEL": model, "DOCTOWN_LOG": LOG, "DOCTOWN_THREADS": "1", "NO_COLOR": "1"}

    async def make_queues(self):
        sqs = self.kit.sqs
        for stage in STAGES:
            name = f"doctown-{self.environment_name}-{stage}-v1"
            dead = (await self.kit.ask(sqs.create_queue, QueueName=f"{name}-dead"))["QueueUrl"]
            told = await self.kit.ask(sqs.get_queue_attributes, QueueUrl=dead, AttributeNames=["QueueArn"])
            arn = told["Attributes"]["QueueArn"]
            redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES})
            await self.kit.ask(sqs.create_queue, QueueName=name, Attributes={"RedrivePolicy": redrive})

    async def queue_url(self, stage, dead=False):
        name = f"doctown-{self.environment_name}-{stage}-v1{'-dead' if dead else ''}"
        return (await self.kit.ask(self.kit.sqs.get_queue_url, QueueName=name))["QueueUrl"]

    async def start_workers(self):
        for idx in range(self.n_workers):
            door = await Door(self, f"worker-{idx}").open()
            self.doors.append(door)
            self.keepers.append(asyncio.create_task(self.keep(door, idx)))

    async def keep(self, door, idx):
        """Runs a worker, and another in its place whenever it ended, as a platform does."""
        # One looks for lost messages; two are not needed and would cost a list of jobs every two seconds.
        reap = "2" if idx == 0 and self.reaps else "0"
        command = [self.kit.doctown, "worker", "--concurrency", "1", "--reap-every", reap, *self.flags]
        environment = {**self.environment(door.port), "GITHUB_TOKEN": SECRET, **self.worker_environment(self, idx)}
        with open(self.scratch / f"{door.name}.log", "ab") as log:
            try:
                while not self.stopping:
                    door.process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=log, stderr=log)
                    await door.process.wait()
                    await asyncio.sleep(RESTART_SECONDS)
            finally:
                if door.process and door.process.returncode is None:
                    door.process.kill()

    async def stop_workers(self):
        self.stopping = True
        for door in self.doors:
            if door.process and door.process.returncode is None:
                door.process.terminate()
        await asyncio.gather(*self.keepers)
        for door in self.doors:
            door.close()

    def make_source(self, job):
        """Writes a small repository that no other job has."""
        folder = self.scratch / "sources" / job.label.replace(" ", "-")
        folder.mkdir(parents=True)
        (folder / "main.py").write_text(MAIN.format(title=f"{self.name} {job.label}"))
        (folder / "words.py").write_text(WORDS)
        for number in range(self.n_files):
            functions = (f"def f{number}_{n}(x):\n    return x + {number} * {n}\n" for n in range(UNIT_FUNCTIONS))
            (folder / f"part_{number}.py").write_text(f"# {job.label}\n" + "\n".join(functions))
        return folder

    async def build_undisturbed(self, source):
        """Builds the pack in one process; nothing of it touches the server."""
        output, home = source.with_suffix(".docpack"), source.with_suffix(".home")
        environment = {**self.environment(1), "DOCTOWN_STORE": str(home), "DOCTOWN_HOME": str(home)}
        process = await asyncio.create_subprocess_exec(
            self.kit.doctown, "build", source, "-q", "--no-source", "-o", output, *self.flags, env=environment,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        _, told = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"the undisturbed build of {source.name} failed: {told.decode()}")
        shutil.rmtree(home, ignore_errors=True)
        return output.read_bytes()

    async def submit(self, job, source):
        """Submits until it is accepted; a submitter that is killed is one whose user tries again."""
        door = await Door(self, "submitter").open()
        door.plan_of_new_job, door.own_plan = job.plan, job.submit_plan or Undisturbed()
        told = b""
        try:
            for _ in range(MAX_SUBMITS):
                door.process = await asyncio.create_subprocess_exec(
                    self.kit.doctown, "submit", source, *self.flags, env=self.environment(door.port),
                    stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
                out, told = await door.process.communicate()
                # A job whose state was written is there, whether or not its submitter lived to say so.
                if door.process.returncode == 0 or self.journal.states[door.new_job]:
                    job.id = door.new_job or out.decode().strip()
                    return
        finally:
            door.close()
        raise RuntimeError(f"not accepted after {MAX_SUBMITS} submissions: {told.decode()[-500:]}")

    async def run_job(self, job, in_flight):
        async with in_flight:
            source = await asyncio.to_thread(self.make_source, job)
            expected = await self.build_undisturbed(source)
            started = time.monotonic()
            await self.submit(job, source)
            if job.prepare:
                await job.prepare(self, job)
            if self.starts_late:
                await self.workers_started.wait()
            self.journal.moved_at = time.monotonic()
            ended = self.journal.ended[job.id]
            while not ended.is_set() and time.monotonic() < self.journal.moved_at + MAX_QUIET_SECONDS:
                await asyncio.sleep(0.5)
            seconds = time.monotonic() - started
        return job, expected, seconds

    async def run(self, jobs, n_in_flight, finish):
        """Runs jobs to their ends and returns what is to be said of each, and of all together."""
        await self.make_queues()
        self.workers_started = asyncio.Event()
        if not self.starts_late:
            await self.start_workers()
        in_flight = asyncio.Semaphore(n_in_flight)
        running = [asyncio.create_task(self.run_job(job, in_flight)) for job in jobs]
        if self.starts_late:
            while any(job.id is None for job in jobs) and not any(task.done() for task in running):
                await asyncio.sleep(0.1)
            await self.start_workers()
            self.workers_started.set()
        ended = await asyncio.gather(*running)
        await self.proxy.settle()
        problems = await finish() + await self.wait_for_empty_index() + await self.wait_for_dead_letters()
        await self.stop_workers()
        outcomes = [await fault_checks.check_job(self, *one) for one in ended]
        return outcomes, problems + await fault_checks.check_foreign(self) + fault_checks.check_logs(self)

    async def rehearse(self):
        """Runs an undisturbed job and returns the calls of the worker that had its messages."""
        job = Job("rehearsal", must_inject=False)
        await self.make_queues()
        await self.start_workers()
        await self.run_job(job, asyncio.Semaphore(1))
        return self.journal.calls[job.id]

    async def wait_for_empty_index(self):
        prefix = f"{self.prefix}local/index/active/"
        for _ in range(MAX_INDEX_SECONDS):
            found = await self.kit.ask(self.kit.s3.list_objects_v2, Bucket=self.kit.bucket, Prefix=prefix)
            jobs = {entry["Key"].rsplit("/", 1)[-1] for entry in found.get("Contents", [])} - self.foreign.keys()
            if not jobs:
                return []
            await asyncio.sleep(1)
        return [f"still in the index: {', '.join(sorted(jobs))}"]

    async def wait_for_dead_letters(self):
        """Every dead letter is looked at, and goes when its job is over."""
        for _ in range(MAX_DEAD_SECONDS):
            left = {stage: n for stage, n in (await self.depths(dead=True)).items() if n}
            if not left:
                return []
            await asyncio.sleep(1)
        return [f"{n} dead letters of `{stage}`" for stage, n in left.items()]

    async def depths(self, dead):
        """Counts the messages of every stage's queue."""
        names = [f"ApproximateNumberOfMessages{state}" for state in ("", "NotVisible", "Delayed")]
        counts = {}
        for stage in STAGES:
            url = await self.queue_url(stage, dead)
            told = await self.kit.ask(self.kit.sqs.get_queue_attributes, QueueUrl=url, AttributeNames=names)
            counts[stage] = sum(map(int, told["Attributes"].values()))
        return counts
