"""RunPod's own worker with jobs that say themselves what is to be done, as the example `runpod-worker` does.

    runpod_worker.py [generator]

It is told where to take jobs by the environment, like any worker. With `generator` it streams its answers.
"""

import asyncio
import os
import sys

import runpod

ANSWERS = {"null": None, "list": [1, 2], "text": "plain", "number": 7, "boolean": True}


async def handler(job):
    wanted = job["input"]
    mode, seconds = wanted["mode"], wanted["work_ms"] / 1000
    if mode == "error":
        raise ValueError("boom é")
    if mode == "progress":
        for percent in (0, 50):
            runpod.serverless.progress_update(job, {"percent": percent})
            await asyncio.sleep(seconds)
        return {"ok": 1}
    if mode in ANSWERS:
        return ANSWERS[mode]
    await asyncio.sleep(seconds)
    return {"echo": wanted, "uni": "é✓"}


async def generator(job):
    for piece in (0, 1):
        yield {"piece": piece}


n_concurrent = int(os.environ["DOCTOWN_CONCURRENCY"])
runpod.serverless.start({
    "handler": generator if "generator" in sys.argv else handler,
    "concurrency_modifier": lambda current: n_concurrent,
})
