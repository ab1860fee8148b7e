#!/usr/bin/env python3
"""Runs infra/runpod/apply against a server that speaks like RunPod's management API v2, as its OpenAPI text has it."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
KEY = "rpa_test_key_0123456789"
SECRET = "wJalr/secret+0123456789"
IMAGE = "registry.example/doctown@sha256:" + "a" * 64
VARIABLES = {
    "DOCTOWN_ENVIRONMENT": "test",
    "DOCTOWN_IMAGE": IMAGE,
    "DOCTOWN_STORE": "s3://bucket/doctown",
    "AWS_REGION": "eu-central-1",
    "EMBED_AWS_ACCESS_KEY_ID": "AKIATESTKEY",
    "EMBED_AWS_SECRET_ACCESS_KEY": SECRET,
    "RUNPOD_API_KEY": KEY,
}
NAME = "doctown-test-embed"
CREATED = {
    "name",
    "type",
    "image",
    "gpu",
    "cpu",
    "workers",
    "scaling",
    "flashboot",
    "timeout",
    "disk",
    "env",
    "ports",
    "args",
    "registry",
    "dataCenterIds",
    "networkVolumes",
    "templateId",
}
DEFAULTS = {
    "args": "",
    "ports": [],
    "registry": None,
    "dataCenterIds": [],
    "networkVolumes": [],
    "flashboot": "OFF",
    "timeout": 300000,
    "env": {},
}


class Fault:
    """What goes wrong with the next call of a method; `after` the call had its effect, or before."""

    def __init__(self, method, status, after=False, headers=None):
        self.method, self.status, self.after, self.headers = method, status, after, headers or {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_call(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.calls.append((self.command, self.path, body))
        fault = next((fault for fault in self.server.faults if fault.method == self.command), None)
        if fault:
            self.server.faults.remove(fault)
        if fault and not fault.after:
            return self.fail(fault)
        status, answer = self.answer(body)
        if fault:
            return self.fail(fault)
        return self.reply(status, answer)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_call

    def fail(self, fault):
        if fault.status is None:
            self.close_connection = True
            return self.connection.close()
        problem = {"title": "Fault", "status": fault.status, "detail": f"said with {self.headers['Authorization']}"}
        return self.reply(fault.status, problem, fault.headers)

    def reply(self, status, answer, headers=None):
        data = b"" if status == 204 else json.dumps(answer).encode()
        self.send_response(status)
        kind = "application/problem+json" if status >= 400 else "application/json"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self, body):
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return problem(401, "Unauthorized", "missing bearer token")
        live = self.server.live
        if self.path == "/v2/serverless":
            return (200, {"endpoints": list(live.values())}) if self.command == "GET" else self.create(body)
        endpoint = live.get(self.path.removeprefix("/v2/serverless/"))
        if endpoint is None:
            return problem(404, "Not Found", "resource not found")
        if self.command == "DELETE":
            del live[endpoint["id"]]
            return 204, None
        return self.change(endpoint, body)

    def create(self, body):
        unknown = sorted(set(body) - CREATED)
        if unknown:
            return problem(
                422,
                "Unprocessable Entity",
                "Request validation failed.",
                [f"$: additional properties '{name}' not allowed" for name in unknown],
            )
        if {"name", "type", "scaling", "image"} - set(body) or ("gpu" in body) == ("cpu" in body):
            return problem(400, "Bad Request", "request could not be processed")
        made = (
            DEFAULTS
            | json.loads(json.dumps(body))
            | {"id": f"ep_{len(self.server.live) + 1}", "createdAt": "2026-01-01T00:00:00Z"}
        )
        if "gpu" in made:
            made["gpu"] = {"allowedCudaVersions": [], "minCudaVersion": None, **made["gpu"]}
        self.server.live[made["id"]] = made
        return 201, made

    def change(self, endpoint, body):
        if set(body) - (CREATED - {"type"}):
            return problem(422, "Unprocessable Entity", "Request validation failed.", ["$: type cannot be changed"])
        for field, value in body.items():
            if field == "gpu" and "pools" in value:
                endpoint["gpu"].pop("excludedTypes", None)
            endpoint[field] = endpoint[field] | value if field in ("gpu", "workers") else value
        endpoint.update(self.server.keeps)
        return 200, endpoint


def problem(status, title, detail, errors=None):
    return status, {"title": title, "status": status, "detail": detail, **({"errors": errors} if errors else {})}


class Apply(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.live, self.server.calls, self.server.faults, self.server.keeps = {}, [], [], {}
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def apply(self, *arguments, expect=0, **variables):
        """Runs the program; returns what it said. No secret may be in it, whatever happened."""
        self.server.calls.clear()
        environment = {"PATH": os.environ["PATH"], **VARIABLES, **variables}
        environment = {name: value for name, value in environment.items() if value is not None}
        base = ["--base-url", f"http://127.0.0.1:{self.server.server_port}", "--first-wait", "0.01"]
        done = subprocess.run(
            [sys.executable, FOLDER / "apply", *base, *arguments],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        self.assertEqual(done.returncode, expect, done.stdout)
        for secret in (KEY, SECRET, "AKIATESTKEY"):
            self.assertNotIn(secret, done.stdout)
        return done.stdout

    def written(self):
        return [(method, body) for method, _, body in self.server.calls if method != "GET"]

    def only(self):
        (endpoint,) = self.server.live.values()
        return endpoint

    def file(self, **changed):
        declared = json.loads((FOLDER / "embed.json").read_text()) | changed
        scratch = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.addCleanup(scratch.close)
        json.dump(declared, scratch)
        scratch.flush()
        return scratch.name

    def test_creates_what_is_missing_and_then_does_nothing(self):
        self.assertIn(f"{NAME}: created, ep_1", self.apply())
        made = self.only()
        self.assertEqual(made["image"], IMAGE)
        self.assertEqual(made["env"]["DOCTOWN_STORE"], "s3://bucket/doctown")
        self.assertEqual(made["env"]["AWS_SECRET_ACCESS_KEY"], SECRET)
        self.assertNotIn("secrets", made)
        self.assertIn("nothing to change, ep_1", self.apply())
        self.assertEqual(self.written(), [])

    def test_a_dry_run_changes_nothing_and_says_what_it_would(self):
        told = self.apply("--dry-run", expect=3)
        self.assertIn("would be created", told)
        self.assertIn("env.AWS_SECRET_ACCESS_KEY: nothing -> (hidden)", told)
        self.assertEqual(self.written(), [])
        self.apply()
        self.apply("--dry-run")
        self.assertIn(
            "workers.max: 3 -> 5",
            self.apply("--dry-run", self.file(workers={"min": 0, "max": 5, "idleTimeout": 30}), expect=3),
        )
        self.assertEqual(self.written(), [])

    def test_changes_only_the_fields_that_differ(self):
        self.apply()
        other = IMAGE.replace("a" * 64, "b" * 64)
        self.apply(DOCTOWN_IMAGE=other)
        self.assertEqual(self.written(), [("PATCH", {"image": other})])
        self.assertEqual(self.only()["image"], other)

    def test_drift_is_mended(self):
        self.apply()
        # After a week without work the service takes the workers away and does not give them back.
        self.only()["workers"]["max"] = 0
        self.assertIn("workers.max: 0 -> 3", self.apply())
        self.assertEqual(self.only()["workers"], {"min": 0, "max": 3, "idleTimeout": 30})

    def test_variables_that_no_file_has_go_away_unseen(self):
        self.apply()
        self.only()["env"] |= {"LEFT_OVER": "another-secret-value", "DOCTOWN_LOG": "trace"}
        told = self.apply()
        self.assertIn("env.LEFT_OVER: (hidden) -> nothing", told)
        self.assertIn('env.DOCTOWN_LOG: "trace" -> "info"', told)
        self.assertNotIn("another-secret-value", told)
        self.assertNotIn("LEFT_OVER", self.only()["env"])

    def test_a_changed_secret_is_sent_and_not_shown(self):
        self.apply()
        told = self.apply(EMBED_AWS_SECRET_ACCESS_KEY="rotated-value")
        self.assertIn("env.AWS_SECRET_ACCESS_KEY: (hidden) -> (hidden)", told)
        self.assertNotIn("rotated-value", told)
        self.assertEqual(self.only()["env"]["AWS_SECRET_ACCESS_KEY"], "rotated-value")

    def test_fields_that_a_file_does_not_mention_stay(self):
        self.apply()
        self.only()["networkVolumes"] = ["vol_1"]
        self.only()["gpu"]["allowedCudaVersions"] = ["13.0"]
        self.assertIn("nothing to change", self.apply())
        self.assertEqual(self.only()["networkVolumes"], ["vol_1"])

    def test_the_order_of_cards_says_nothing(self):
        cards = {"pools": ["ADA_24", "AMPERE_24"], "count": 1}
        self.apply(self.file(gpu=cards))
        self.assertIn("nothing to change", self.apply(self.file(gpu=cards | {"pools": ["AMPERE_24", "ADA_24"]})))

    def test_excluded_cards_stay_excluded_when_pools_change(self):
        cards = {"pools": ["ADA_24"], "count": 1, "excludedTypes": ["NVIDIA L4"]}
        self.apply(self.file(gpu=cards))
        self.apply(self.file(gpu=cards | {"pools": ["ADA_24", "AMPERE_24"]}))
        self.assertEqual(self.only()["gpu"]["excludedTypes"], ["NVIDIA L4"])

    def test_throttling_and_outages_are_waited_for(self):
        self.server.faults = [
            Fault("GET", 429, headers={"Retry-After": "0"}),
            Fault("GET", 503),
            Fault("POST", 429),
            Fault("POST", 500),
        ]
        self.assertIn("created", self.apply())
        self.assertEqual(len(self.server.live), 1)

    def test_an_outage_that_stays_is_told(self):
        self.server.faults = [Fault("GET", 503) for _ in range(6)]
        told = self.apply(expect=1)
        self.assertIn("503 Fault", told)
        self.assertIn("given up after 6 tries", told)

    def test_a_creation_whose_answer_is_lost_is_not_repeated(self):
        for status in (None, 502):
            with self.subTest(status=status):
                self.server.live.clear()
                self.server.faults = [Fault("POST", status, after=True)]
                self.assertIn("created, ep_1", self.apply())
                self.assertEqual([method for method, _ in self.written()], ["POST"])
                self.assertEqual(len(self.server.live), 1)

    def test_a_change_whose_answer_is_lost_is_repeated(self):
        self.apply()
        self.server.faults = [Fault("PATCH", None, after=True)]
        self.apply(DOCTOWN_STORE="s3://bucket/other")
        self.assertEqual(self.only()["env"]["DOCTOWN_STORE"], "s3://bucket/other")

    def test_a_refusal_is_shown_as_the_service_says_it(self):
        told = self.apply(self.file(bogus=1), expect=1)
        self.assertIn("422 Unprocessable Entity: Request validation failed.", told)
        self.assertIn("$: additional properties 'bogus' not allowed", told)
        self.assertEqual(len(self.written()), 1)

    def test_a_wrong_key_is_told_at_once(self):
        self.assertIn("401 Unauthorized: missing bearer token", self.apply(RUNPOD_API_KEY="rpa_other", expect=1))
        self.assertEqual(len(self.server.calls), 1)

    def test_a_service_that_keeps_something_else_is_found_out(self):
        self.apply()
        self.server.keeps = {"timeout": 300000}
        told = self.apply(self.file(timeout=800000), expect=1)
        self.assertIn("the service did not take timeout", told)

    def test_what_cannot_be_changed_is_refused_before_it_is_tried(self):
        self.apply()
        told = self.apply(self.file(type="LOAD_BALANCER"), expect=1)
        self.assertIn("type cannot be changed", told)
        self.assertEqual(self.written(), [])

    def test_deletes_only_when_told_to_and_only_its_own(self):
        self.apply()
        self.server.live["ep_9"] = {**self.only(), "id": "ep_9", "name": "of-someone-else"}
        self.assertIn("would be deleted, ep_1", self.apply("--delete", "--dry-run", expect=3))
        self.assertIn("deleted, ep_1", self.apply("--delete", DOCTOWN_IMAGE=None, EMBED_AWS_SECRET_ACCESS_KEY=None))
        self.assertEqual(list(self.server.live), ["ep_9"])
        self.assertIn("not there", self.apply("--delete"))

    def test_a_deletion_whose_answer_is_lost_is_done(self):
        self.apply()
        self.server.faults = [Fault("DELETE", None, after=True)]
        self.assertIn("deleted, ep_1", self.apply("--delete"))

    def test_an_old_ending_of_the_name_is_no_other_endpoint(self):
        self.apply()
        self.only()["name"] = f"{NAME} -fb"
        self.assertIn("nothing to change", self.apply())

    def test_two_of_one_name_are_refused(self):
        self.apply()
        self.server.live["ep_2"] = {**self.only(), "id": "ep_2"}
        self.assertIn("there are 2 of this name: ep_1, ep_2", self.apply(expect=1))

    def test_a_redirect_is_not_followed(self):
        self.server.faults = [
            Fault("GET", 307, headers={"Location": f"http://127.0.0.1:{self.server.server_port}/elsewhere"})
        ]
        self.assertIn("307", self.apply(expect=1))
        self.assertEqual(len(self.server.calls), 1)

    def test_what_is_missing_here_is_named(self):
        self.assertIn("needs the variable `DOCTOWN_STORE`", self.apply(DOCTOWN_STORE=None, expect=1))
        self.assertIn(
            "needs the variable `EMBED_AWS_SECRET_ACCESS_KEY`", self.apply(EMBED_AWS_SECRET_ACCESS_KEY=None, expect=1)
        )
        self.assertIn("RUNPOD_API_KEY is not set", self.apply(RUNPOD_API_KEY=None, expect=2))
        self.assertIn("not named by digest", self.apply(DOCTOWN_IMAGE="registry.example/doctown:latest", expect=1))
        self.assertIn("is none of", self.apply(self.file(name="x-${HOME}"), expect=1))
        self.assertIn("has no TLS", self.apply("--base-url", "http://api.example", expect=1))
        self.assertEqual(self.server.calls, [])

    def test_every_stage_has_a_file_and_a_second_run_does_nothing(self):
        files = [str(FOLDER / f"{stage}.json") for stage in ("assemble", "embed", "generate", "ingest", "pack")]
        keys = {f"{stage}_AWS_{key}": f"{stage}-{key}" for stage in ("ASSEMBLE", "GENERATE", "INGEST", "PACK")
                for key in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
        self.apply(*files, DOCTOWN_CPU_IMAGE=IMAGE, **keys)
        made = {endpoint["name"]: endpoint for endpoint in self.server.live.values()}
        self.assertEqual(sorted(made), [f"doctown-test-{pathlib.Path(file).stem}" for file in files])
        self.assertEqual((made["doctown-test-ingest"]["args"], made["doctown-test-ingest"]["cpu"][0]["vcpuCount"]), ("ingest", 4))
        self.assertEqual(made["doctown-test-embed"]["env"]["DOCTOWN_CONCURRENCY"], "8")
        self.assertEqual(self.apply(*files, DOCTOWN_CPU_IMAGE=IMAGE, **keys).count("nothing to change"), 5)

    def test_without_a_file_only_embed_is_made(self):
        self.apply()
        self.assertEqual(self.only()["name"], NAME)

    def test_optional_variables_come_where_they_are_set(self):
        self.apply()
        self.assertNotIn("AWS_ENDPOINT_URL_S3", self.only()["env"])
        self.apply(DOCTOWN_STORE_ENDPOINT="https://r2.example")
        self.assertEqual(self.only()["env"]["AWS_ENDPOINT_URL_S3"], "https://r2.example")


if __name__ == "__main__":
    unittest.main()
