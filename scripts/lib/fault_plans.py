"""Faults, and plans that say by a seed which call of a job meets which one."""

import asyncio
import collections
import hashlib
import signal

import fault_http


def dice(*parts):
    """Returns a number in 0..1 that depends on the parts alone, not on who came first."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6]) / (1 << 48)


class Answer:
    """Refuses without asking the server."""

    def __init__(self, status, code):
        self.status, self.code = status, code

    async def run(self, door, call, request, forward):
        return fault_http.error(self.status, self.code, call.of_queue)


class LoseAnswer:
    """The server has done it; the caller does not hear of it."""

    async def run(self, door, call, request, forward):
        await forward()
        return None


class Hang:
    """No byte comes back for so long, then the connection ends. Nothing was done."""

    def __init__(self, seconds):
        self.seconds = seconds

    async def run(self, door, call, request, forward):
        await asyncio.sleep(self.seconds)
        return None


class Pause:
    """The server is slow."""

    def __init__(self, seconds, meanwhile=None):
        self.seconds, self.meanwhile = seconds, meanwhile

    async def run(self, door, call, request, forward):
        if self.meanwhile:
            self.meanwhile(door)
        await asyncio.sleep(self.seconds)
        return await forward()


class Late:
    """The caller is told of a failure, or of nothing; the server does it later."""

    def __init__(self, seconds, tells):
        self.seconds, self.tells = seconds, tells

    async def run(self, door, call, request, forward):
        door.proxy.later(self.seconds, call, request)
        return fault_http.error(500, "InternalError", call.of_queue) if self.tells else None


class Replay:
    """The request arrives twice; the caller hears the second answer, a refusal of its own write."""

    async def run(self, door, call, request, forward):
        await forward()
        return await forward()


class Damage:
    """The body that is read is cut short or has one wrong bit; its ETag is kept."""

    def __init__(self, how, at):
        self.how, self.at = how, at

    async def run(self, door, call, request, forward):
        answer = await forward()
        if answer.status not in (200, 206) or not answer.body:
            return answer
        position = int(self.at * len(answer.body))
        if self.how == "flip":
            bit = 1 << int(self.at * 8 * len(answer.body)) % 8
            body = bytearray(answer.body)
            body[position] ^= bit
            return fault_http.with_body(answer, bytes(body), keeps_length=True)
        return fault_http.with_body(answer, answer.body[:position], keeps_length=self.how == "cut")


class Kill:
    """The caller dies before the server hears of the call, or after it was done."""

    def __init__(self, side):
        self.side = side

    async def run(self, door, call, request, forward):
        if self.side == "after":
            await forward()
        await door.kill()
        return None


class Swallow:
    """The queue says that it took the message, and loses it."""

    async def run(self, door, call, request, forward):
        return fault_http.sent(call.text)


class Copies:
    """The message is there more than once: now, and again after so many seconds each."""

    def __init__(self, delays):
        self.delays = delays

    async def run(self, door, call, request, forward):
        for seconds in self.delays:
            door.proxy.later(seconds, call, request)
        return await forward()


class Delay:
    """The message arrives later than others that were sent after it."""

    def __init__(self, seconds):
        self.seconds = seconds

    async def run(self, door, call, request, forward):
        door.proxy.later(self.seconds, call, request)
        return fault_http.sent(call.text)


def terminate(door):
    """Asks the calling process to stop, as a platform does."""
    door.process.send_signal(signal.SIGTERM)


class Undisturbed:
    def decide(self, call, door):
        return None


class At:
    """One fault at the n-th call of a name, such as `create done pack`, while its message is in hand."""

    def __init__(self, where, action, nth=1, times=1):
        self.where, self.action, self.nth, self.left, self.n_seen = where, action, nth, times, 0

    def decide(self, call, door):
        if call.where != self.where or not door.holds(call.job):
            return None
        self.n_seen += 1
        if self.n_seen < self.nth or self.left == 0:
            return None
        self.left -= 1
        return self.action


class KillsAtRandom:
    """Kills whoever works on the job at calls that the seed picks."""

    def __init__(self, seed, n_kills, n_calls):
        picks = [(int(dice(seed, "at", n) * n_calls), dice(seed, "side", n) < 0.5) for n in range(n_kills)]
        self.picks, self.n_seen = collections.deque(sorted(picks)), 0

    def decide(self, call, door):
        if not door.holds(call.job):
            return None
        self.n_seen += 1
        if not self.picks or self.n_seen <= self.picks[0][0]:
            return None
        return Kill("before" if self.picks.popleft()[1] else "after")


class Poison:
    """Whoever reads the input of one unit of a stage dies, each time."""

    def __init__(self, stage):
        self.stage, self.unit = stage, None

    def decide(self, call, door):
        if call.verb != "get" or call.kind != "artifacts" or door.open_try is None:
            return None
        job, stage, unit = door.open_try
        if job != call.job or stage != self.stage or unit != (self.unit or unit):
            return None
        self.unit = unit
        return Kill("before")


class Often:
    """One of some faults at a share of those calls for which `concerns` says so."""

    def __init__(self, seed, share, concerns, choose):
        self.seed, self.share, self.concerns, self.choose = seed, share, concerns, choose
        self.n_seen = collections.Counter()

    def decide(self, call, door):
        if not self.concerns(call):
            return None
        self.n_seen[call.where] += 1
        roll = (self.seed, call.where, call.unit, call.number, self.n_seen[call.where])
        return self.choose(dice(*roll, "which")) if dice(*roll) < self.share else None


class ForAWhile:
    """A fault at every call that `concerns` names, from the first one on for so many seconds."""

    def __init__(self, seconds, concerns, action):
        self.seconds, self.concerns, self.action, self.until = seconds, concerns, action, None

    def decide(self, call, door):
        if not self.concerns(call):
            return None
        now = asyncio.get_running_loop().time()
        self.until = self.until or now + self.seconds
        return self.action if now < self.until else None


class Each:
    """Plans side by side; the first that has something to do does it."""

    def __init__(self, *plans):
        self.plans = plans

    def decide(self, call, door):
        return next((action for plan in self.plans if (action := plan.decide(call, door))), None)
