#!/usr/bin/env python3
"""Runs infra/drain with stand-ins for `aws` and `doctown` that keep what they were told in a file."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
ARN = "arn:aws:lambda:eu-central-1:000000000000:function:doctown-test-"
STAND_IN = """#!{python}
import json, pathlib, sys
file = pathlib.Path({file!r})
world = json.loads(file.read_text())
words, flags = sys.argv[1:3], dict(zip(sys.argv[3::2], sys.argv[4::2]))
name = flags.get("--function-name", "")
if words[0] == "plan":
    answer = {{"data": world["plan"]}}
elif words[0] == "jobs":
    answer = {{"data": world["jobs"]}}
elif words[1] == "list-functions":
    answer = {{"Functions": [{{"FunctionName": name}} for name in world["functions"]]}}
elif words[1] == "list-event-source-mappings":
    answer = {{"EventSourceMappings": world["mappings"]}}
elif words[1] == "publish-version":
    versions = world["functions"][name]
    if not versions or versions[-1] != world["image"]:
        versions.append(world["image"])
    answer = {{"FunctionArn": f"{arn}" + name.removeprefix("doctown-test-") + f":{{len(versions)}}"}}
elif words[1] == "create-event-source-mapping":
    world["mappings"].append({{
        "UUID": str(len(world["mappings"])), "FunctionArn": name, "EventSourceArn": flags["--event-source-arn"],
    }})
    answer = {{}}
elif words[1] == "delete-event-source-mapping":
    world["mappings"] = [mapping for mapping in world["mappings"] if mapping["UUID"] != flags["--uuid"]]
    answer = {{}}
elif words[1] == "delete-function":
    world["deleted"].append(name + ":" + flags["--qualifier"])
    answer = {{}}
file.write_text(json.dumps(world))
print(json.dumps(answer))
"""


class Drain(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.file = pathlib.Path(scratch.name) / "world.json"
        self.program = pathlib.Path(scratch.name) / "stand-in"
        self.program.write_text(STAND_IN.format(python=sys.executable, file=str(self.file), arn=ARN))
        self.program.chmod(0o755)
        deployed = {
            "UUID": "deployed", "FunctionArn": ARN + "ingest",
            "EventSourceArn": "arn:aws:sqs:eu-central-1:000000000000:doctown-test-ingest-v1",
        }
        self.tell(
            functions={f"doctown-test-{stage}": [] for stage in ("ingest", "assemble", "generate", "pack", "schedule")},
            mappings=[deployed], deleted=[], jobs=[], image="one",
            plan=[{"stage": "ingest", "release": "2"}],
        )

    def tell(self, **changes):
        world = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.file.write_text(json.dumps(world | changes))

    def world(self):
        return json.loads(self.file.read_text())

    def drain(self, what, expect=0):
        environment = {**os.environ, "AWS_CLI": str(self.program), "DOCTOWN_PROGRAM": str(self.program)}
        done = subprocess.run(
            [sys.executable, FOLDER / "drain", what, "test"], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def kept(self):
        return sorted(mapping["FunctionArn"].removeprefix(ARN) for mapping in self.world()["mappings"])

    def test_the_old_release_reads_the_queues_of_every_stage_beside_the_new_one(self):
        self.drain("begin")
        self.assertEqual(self.kept(), ["assemble:1", "generate:1", "ingest", "ingest:1", "pack:1"])
        queues = {mapping["EventSourceArn"].rsplit(":", 1)[1] for mapping in self.world()["mappings"]}
        self.assertEqual(queues, {f"doctown-test-{stage}-v1" for stage in ("ingest", "assemble", "generate", "pack")})

    def test_a_second_begin_changes_nothing_and_another_release_is_kept_too(self):
        self.drain("begin")
        self.assertIn("already", self.drain("begin"))
        self.assertEqual(len(self.kept()), 5)
        self.tell(image="two")
        self.drain("begin")
        self.assertEqual(len(self.kept()), 9)

    def test_it_stays_while_a_job_of_the_old_release_is_not_over(self):
        self.drain("begin")
        self.tell(jobs=[{"job": "job-old", "stage_versions": {"ingest": "1"}}, {"job": "job-new", "stage_versions": {"ingest": "2"}}])
        told = self.drain("end", expect=3)
        self.assertIn("job-old", told)
        self.assertNotIn("job-new", told)
        self.assertEqual(len(self.kept()), 5)

    def test_it_goes_when_they_are_over_and_leaves_what_is_deployed(self):
        self.drain("begin")
        self.tell(jobs=[{"job": "job-new", "stage_versions": {"ingest": "2"}}])
        self.drain("end")
        self.assertEqual(self.kept(), ["ingest"])
        self.assertEqual(sorted(self.world()["deleted"]), [f"doctown-test-{stage}:1" for stage in ("assemble", "generate", "ingest", "pack")])

    def test_an_environment_without_functions_is_said_so(self):
        self.tell(functions={})
        self.assertIn("there is no function doctown-test-", self.drain("begin", expect=1))


if __name__ == "__main__":
    unittest.main()
