"""`doctown-trigger` as a process, and a client that asks it as a browser or curl would."""

import json
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

import cloud

REQUEST_SECONDS = 60


class Api:
    """One process of the API, at a free port."""

    def __init__(self, program, environment, log, **settings):
        self.log = log
        environment = {**environment, "PORT": "0", "DOCTOWN_LISTEN": "127.0.0.1", "DOCTOWN_LOG": "info,aws=warn",
                       "DOCTOWN_LOG_FORMAT": "json", **settings}
        self.process = subprocess.Popen([program], env=environment, stdin=subprocess.DEVNULL, stdout=log.open("wb"),
                                        stderr=subprocess.STDOUT)
        self.url = None

    def ready(self):
        """Waits until it listens; several may be started before the first is waited for."""
        def listens():
            if self.process.poll() is not None:
                raise SystemExit(f"the API ended with {self.process.returncode}:\n{self.told()[-2000:]}")
            return re.search(r"the API listens at (127\.0\.0\.1:\d+)", self.told())

        self.url = f"http://{cloud.wait_for('the API to listen', listens, 60).group(1)}"
        cloud.wait_for("the API to be ready", lambda: self.ask("GET", "/readyz").status == 200, 60)
        return self

    def told(self):
        return self.log.read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as a platform does; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def ask(self, method, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            headers["content-type"] = "application/json"
        return Answer(urllib.request.Request(self.url + path, data, headers, method=method))

    def job(self, job):
        return self.ask("GET", f"/v1/jobs/{job}").json()

    def wait(self, job, is_so):
        """Asks until a job is as wanted, and returns it."""
        return cloud.wait_for(f"job {job}", lambda: next((it for it in [self.job(job)] if is_so(it)), None))

    def submit(self, repository, key=None, **options):
        headers = {} if key is None else {"idempotency-key": key}
        return self.ask("POST", "/v1/jobs", {"repo_url": repository, "options": {"embeddings": False, **options}}, **headers)


class Answer:
    """What came back, whatever its status is; a redirection is not followed."""

    def __init__(self, request):
        try:
            with OPENER.open(request, timeout=REQUEST_SECONDS) as answer:
                self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            self.status, self.headers, self.body = error.code, error.headers, error.read()
        except OSError as error:
            # Nobody listens there, or not any more.
            self.status, self.headers, self.body = 0, {}, str(error).encode()

    def json(self):
        return json.loads(self.body)


class NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirection)


class Stream:
    """Follows a job as an EventSource does, at one process or from one to the next, and keeps what it was told."""

    def __init__(self, job, apis):
        self.job, self.events, self.is_over = job, [], False
        self.thread = threading.Thread(target=self.follow, args=[apis], daemon=True)
        self.thread.start()

    def follow(self, apis):
        deadline = time.monotonic() + cloud.MAX_SECONDS
        turn = 0
        while not self.is_over and time.monotonic() < deadline:
            try:
                self.connect(apis[turn % len(apis)])
            except OSError:
                # The connection broke, or nobody listens: the next process knows the same places.
                time.sleep(0.2)
            turn += 1

    def connect(self, api):
        headers = {"accept": "text/event-stream"}
        if self.events:
            headers["last-event-id"] = self.events[-1][0]
        request = urllib.request.Request(f"{api.url}/v1/jobs/{self.job}/events", headers=headers)
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as lines:
            if lines.status == 204:
                self.is_over = True
                return
            event = {}
            for line in lines:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                elif "data" in event:
                    self.events.append((event["id"], event["event"], event["data"]))
                    self.is_over |= event["event"] == "job.completed.v1"
                    event = {}

    def all(self):
        """Waits for the end; returns the events."""
        self.thread.join(cloud.MAX_SECONDS)
        if not self.is_over:
            raise SystemExit(f"the stream of job {self.job} did not end; it told {len(self.events)} events")
        return self.events
