"""A server between workers and S3 and SQS, which does what their jobs' fault plans say and notes what happened.

Each worker has a door of its own, so that a plan can kill the very process that calls. Requests go on byte for
byte, the signed Host header included.
"""

import asyncio
import collections
import hashlib
import json
import time
import traceback

import fault_calls
import fault_http

# An empty queue is told so slowly, so that waiting workers leave the processor to the others.
EMPTY_RECEIVE_SECONDS = 0.15
# Dead letters are rare: a worker's looks at them reach the server this often.
DEAD_LETTER_LOOK_SECONDS = 5


class Journal:
    """What went through all doors of an arena."""

    def __init__(self, secrets):
        self.secrets = [secret.encode() for secret in secrets]
        # Digests of what was accepted, by key, for what is created once.
        self.accepted = collections.defaultdict(list)
        # Accepted state documents, by job.
        self.states = collections.defaultdict(list)
        # Calls of workers that had a message of the job in hand.
        self.calls = collections.defaultdict(collections.Counter)
        self.injected = collections.Counter()
        # Crashes while a try of the unit was open.
        self.crashes = collections.Counter()
        self.receipts = {}
        self.problems = []
        self.ended = collections.defaultdict(asyncio.Event)
        # When any job's state changed last.
        self.moved_at = time.monotonic()

    def note_request(self, call, request):
        if any(secret in request.to_bytes() for secret in self.secrets):
            self.problems.append(f"a secret was sent in `{call.where}`")

    def note_answer(self, call, request, answer):
        if answer.status >= 300:
            return
        if call.is_create_only:
            self.accepted[call.key].append(hashlib.sha256(request.body).hexdigest())
        if call.kind == "state" and call.verb in ("swap", "create") and call.job:
            state = json.loads(request.body)
            self.states[call.job].append(state)
            self.moved_at = time.monotonic()
            if state["phase"] in TERMINAL:
                self.ended[call.job].set()


TERMINAL = ("completed", "partial", "failed", "cancelled")


class Proxy:
    """The doors of one arena to one server."""

    def __init__(self, host, port, prefix, journal):
        self.host, self.port, self.prefix, self.journal = host, port, prefix, journal
        self.plans = {}
        self.late = set()

    async def forward(self, call, request):
        """Lets the server have the request."""
        self.journal.note_request(call, request)
        answer = await fault_http.ask(self.host, self.port, request)
        self.journal.note_answer(call, request, answer)
        return answer

    def later(self, seconds, call, request):
        """Lets the server have the request after the caller has given up."""
        async def wait():
            await asyncio.sleep(seconds)
            await self.forward(call, request)
        task = asyncio.create_task(wait())
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    async def settle(self):
        """Waits until nothing is on its way any more."""
        while self.late:
            await asyncio.gather(*self.late, return_exceptions=True)


class Door:
    """Where one process calls; it works on one message at a time, and hands others back that came meanwhile."""

    def __init__(self, arena, name):
        self.arena, self.proxy, self.name = arena, arena.proxy, name
        self.process = None
        # The jobs of the messages in hand by their receipts, and the try that is under way.
        self.in_hand = {}
        self.open_try = None
        # For a submitter: what happens to its own calls, and the plan of the job that it makes.
        self.own_plan = self.plan_of_new_job = self.new_job = None
        self.looked_at, self.connections = {}, set()

    async def open(self):
        def connected(reader, writer):
            # The loop itself keeps no hold of the tasks that it runs.
            connection = asyncio.create_task(self.serve(reader, writer))
            self.connections.add(connection)
            connection.add_done_callback(self.connections.discard)

        self.server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=fault_http.MAX_LINE_BYTES)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def close(self):
        self.server.close()
        for connection in self.connections:
            connection.cancel()

    async def kill(self):
        """Ends the calling process as an operating system does that is out of memory."""
        if self.open_try:
            self.proxy.journal.crashes[self.open_try] += 1
        self.in_hand, self.open_try = {}, None
        process = self.process
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def serve(self, reader, writer):
        try:
            while (request := await fault_http.read_message(reader)) is not None:
                if request.fields.get("expect", "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                answer = await self.handle(request)
                if answer is None:
                    break
                writer.write(answer.to_bytes())
                await writer.drain()
                if answer.body and len(answer.body) != int(answer.fields.get("content-length", len(answer.body))):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:  # Whatever the proxy does not understand is a deviation, told once.
            told = "".join(traceback.format_exception(error))
            if told not in self.proxy.journal.problems:
                self.proxy.journal.problems.append(told)
        finally:
            writer.close()

    async def handle(self, request):
        journal = self.proxy.journal
        call = fault_calls.classify(request, self.proxy.prefix, journal.receipts)
        if call.name == "receive":
            return await self.receive(call, request)
        call.job = call.job or self.worked_on()
        if call.name == "create active":
            self.new_job = call.job
            self.proxy.plans[call.job] = self.plan_of_new_job
        if self.holds(call.job) and not self.new_job:
            journal.calls[call.job][call.where] += 1
        answer = await self.act(call, request, lambda: self.forward(call, request))
        if call.name == "acknowledge":
            self.in_hand.pop(call.text, None)
            if self.open_try == (call.job, call.stage, call.unit):
                self.open_try = None
        return answer

    def holds(self, job):
        """Tells whether a message of the job is in hand, or the job was made here."""
        return job is not None and (job == self.new_job or job in self.in_hand.values())

    def worked_on(self):
        """The job that a call belongs to which does not name one."""
        if self.open_try:
            return self.open_try[0]
        return self.new_job or next(iter(self.in_hand.values()), None)

    async def forward(self, call, request):
        answer = await self.proxy.forward(call, request)
        if call.name == "create try" and answer.status < 300:
            self.open_try = (call.job, call.stage, call.unit)
        return answer

    async def act(self, call, request, forward):
        plan = self.own_plan or self.proxy.plans.get(call.job)
        action = plan.decide(call, self) if plan else None
        if action is None:
            return await forward()
        self.proxy.journal.injected[call.job] += 1
        return await action.run(self, call, request, forward)

    async def receive(self, call, request):
        """Whose a message is, is known when it is here: what goes wrong with a receive does so afterwards."""
        now = asyncio.get_running_loop().time()
        if call.key.endswith("-dead"):
            if now - self.looked_at.get(call.key, -DEAD_LETTER_LOOK_SECONDS) < DEAD_LETTER_LOOK_SECONDS:
                return fault_http.nothing_received()
            self.looked_at[call.key] = now
        answer = await self.proxy.forward(call, request)
        messages = answer.json().get("Messages") if answer.status == 200 else None
        if not messages:
            await asyncio.sleep(EMPTY_RECEIVE_SECONDS)
            return answer
        call.text = messages[0]["Body"]
        fault_calls.name_message(call)
        self.proxy.journal.receipts[messages[0]["ReceiptHandle"]] = (call.job, call.stage, call.unit)
        self.in_hand[messages[0]["ReceiptHandle"]] = call.job
        self.proxy.journal.calls[call.job][call.where] += 1

        async def received():
            return answer
        return await self.act(call, request, received)
