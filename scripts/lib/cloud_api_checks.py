"""What processes of the API must do beside each other on one store, one set of queues and one ledger."""

import concurrent.futures
import gzip
import hashlib
import json
import urllib.request

import cloud
from cloud import check
from cloud_api import Stream

N_POSTS = 8
# It has a function that another calls, and a word for each to be found by.
SMALL = "acme/sample"
RANGE = (10, 99)


class ApiChecks:
    """Two processes of one deployment; `make` starts one more, with other settings; `make_pack` builds in one process."""

    def __init__(self, first, second, make, make_pack):
        self.first, self.second, self.make, self.make_pack = first, second, make, make_pack

    def run(self):
        job = self.one_key_names_one_job()
        docpack = self.second.wait(job, lambda it: it["is_over"])["docpack_id"]
        self.packs(docpack)
        self.explored(docpack)
        self.cancelled_and_retried()
        self.killed_while_a_job_waits()
        self.refused()

    def one_key_names_one_job(self):
        with concurrent.futures.ThreadPoolExecutor(N_POSTS) as many:
            posts = [many.submit([self.first, self.second][n % 2].submit, SMALL, key="k-1") for n in range(N_POSTS)]
            answers = [post.result() for post in posts]
        jobs = {answer.json()["job"]["job_id"] for answer in answers if answer.status == 202}
        told = [answer.status for answer in answers]
        check(f"{N_POSTS} requests of one key at two processes make one job", (len(jobs), set(told)) == (1, {202}), told)
        other = self.second.submit(SMALL, key="k-1", exclude=["*.py"])
        check("the key is refused to another request", other.json().get("code") == "idempotency_key_reused", other.body)
        return jobs.pop()

    def packs(self, docpack):
        """The archive in every way that a client may ask for it, against the one made in one process."""
        built = self.make_pack(SMALL, "--no-embeddings")
        path = f"/v1/docpacks/{docpack}/download"
        whole = self.second.ask("GET", path)
        check("the pack is byte for byte the one made in one process", whole.body == built, f"{whole.status}, {len(whole.body)} bytes")
        part = self.first.ask("GET", path, range=f"bytes={RANGE[0]}-{RANGE[1]}")
        check("a range of it is that range", (part.status, part.body) == (206, built[RANGE[0] : RANGE[1] + 1]), part.status)
        known = self.first.ask("GET", path, if_none_match=whole.headers["etag"])
        check("who has it is not sent it again", known.status == 304, known.status)
        redirecting = self.make(DOCTOWN_REDIRECT_DOWNLOADS="true").ready()
        sent = redirecting.ask("GET", path)
        check("with redirections a client is sent to the bucket", sent.status == 307, sent.status)
        # Without the API's credentials: the address alone must do.
        with urllib.request.urlopen(sent.headers["location"], timeout=60) as answer:
            check("whose address gives the same bytes", answer.read() == built, answer.status)
            name = answer.headers.get("content-disposition", "")
            check("under the repository's name", name == 'attachment; filename="sample.docpack"', name)
        check("it ends on SIGTERM", redirecting.stop() == 0, redirecting.told()[-600:])

    def explored(self, docpack):
        at = f"/v1/docpacks/{docpack}"
        manifest = self.first.ask("GET", f"{at}/entries/manifest.json").json()
        digests = {entry["path"]: entry["sha256"] for entry in manifest["entries"]}
        for path in ("nodes.json", "graph.json"):
            entry = self.second.ask("GET", f"{at}/entries/{path}", accept_encoding="gzip")
            text = gzip.decompress(entry.body) if entry.headers.get("content-encoding") == "gzip" else entry.body
            check(f"{path} is what the manifest says", hashlib.sha256(text).hexdigest() == digests[path].removeprefix("sha256:"), entry.status)
        answers = [api.ask("GET", f"{at}/search?q=greet&limit=5").json() for api in (self.first, self.second)]
        hits = answers[0].get("hits", [])
        check("both processes find the same symbols", hits and hits == answers[1]["hits"], answers)
        symbol = self.second.ask("GET", f"{at}/symbols/{hits[0]['symbol']['id']}").json()
        check("a symbol is shown with what it is", symbol.get("symbol", symbol).get("name") == hits[0]["symbol"]["name"], symbol)
        listed = self.first.ask("GET", "/v1/docpacks?name=sample").json()["items"]
        check("the pack is listed", docpack in {item["docpack_id"] for item in listed}, listed)

    def cancelled_and_retried(self):
        """A job that waits for approval stands still, so that it can be ended without a race."""
        job = self.first.submit(SMALL, approve=True).json()["job"]["job_id"]
        self.second.wait(job, lambda it: it["phase"] == "awaiting_approval")
        stream = Stream(job, [self.first])
        ended = self.second.ask("POST", f"/v1/jobs/{job}/cancel")
        check("a job is cancelled by the other process", ended.json().get("phase") == "cancelled", ended.body)
        check("who follows it is told", stream.all()[-1][1] == "job.completed.v1", stream.events[-1])
        again = self.first.ask("POST", f"/v1/jobs/{job}/retry")
        check("it is made once more", again.status == 202, again.body)
        retried = again.json()["job"]["job_id"]
        shown = self.second.wait(retried, lambda it: it["phase"] == "awaiting_approval")
        check("as a job of its own", shown["parent_job_id"] == job != retried, shown)
        digest = shown["estimate"]["digest"]
        refused = self.second.ask("POST", f"/v1/jobs/{retried}/approve", {"estimate_digest": "sha256:" + "0" * 64})
        check("another estimate than the job's is refused", refused.status == 409, refused.body)
        agreed = self.second.ask("POST", f"/v1/jobs/{retried}/approve", {"estimate_digest": digest})
        check("its own is agreed to", agreed.status == 200, agreed.body)
        check("and the job completes", self.first.wait(retried, lambda it: it["is_over"])["phase"] == "completed")

    def killed_while_a_job_waits(self):
        """A process dies in the middle of a job that it took; who followed it there goes on at the other one."""
        doomed = self.make().ready()
        job = doomed.submit(SMALL, approve=True, exclude=["*.md"]).json()["job"]["job_id"]
        moving, steady = Stream(job, [doomed, self.second]), Stream(job, [self.second])
        self.second.wait(job, lambda it: it["phase"] == "awaiting_approval")
        cloud.wait_for("events before the process is killed", lambda: moving.events)
        doomed.kill()
        n_before = len(moving.events)
        agreed = self.second.ask("POST", f"/v1/jobs/{job}/approve")
        check("a job of a process that was killed is approved at another", agreed.status == 200, agreed.body)
        told, expected = moving.all(), steady.all()
        check("its events go on there, none missing and none twice", told == expected and n_before < len(told),
              f"{len(told)} events against {len(expected)}, {n_before} before")
        paged, after = [], ""
        while True:
            page = self.first.ask("GET", f"/v1/jobs/{job}/events?limit=3{after}").json()
            paged += [(it["cursor"], it["event"]) for it in page["events"]]
            if page["is_over"]:
                break
            after = f"&after={page['next']}"
        same = [(cursor, json.loads(data)) for cursor, _, data in told]
        check("pages tell the same in the same order, with the same cursors", paged == same, f"{len(paged)} against {len(same)}")
        late = self.first.ask("GET", f"/v1/jobs/{job}/events", accept="text/event-stream", last_event_id=told[-1][0])
        check("who comes back after the end is told to stop", late.status == 204, late.status)

    def refused(self):
        refused = self.first.submit("/etc")
        check("folders of the machine are refused", refused.status in (400, 422), refused.body)
        refused = self.first.submit("acme/nothing")
        check("a repository that is not there is refused", refused.status == 404, refused.body)
        lost = self.make(DATABASE_URL="postgres://doctown@127.0.0.1:9/none?sslmode=disable")
        code = lost.process.wait(60)
        check("without its ledger a process ends and says why", (code, "ledger_unavailable" in lost.told()) == (1, True), lost.told()[-600:])


def outlives_the_ledger(first, make, address):
    """An empty database is filled from the store, and gives the same lists."""
    lists = ("/v1/jobs?limit=100", "/v1/docpacks?limit=100")
    before = [first.ask("GET", path).json()["items"] for path in lists]
    fresh = make(DATABASE_URL=address).ready()
    cloud.wait_for("the ledger to be filled", lambda: len(fresh.ask("GET", lists[0]).json()["items"]) == len(before[0]), 60)
    cloud.wait_for("the ledger to hold the packs", lambda: len(fresh.ask("GET", lists[1]).json()["items"]) == len(before[1]), 60)
    after = [fresh.ask("GET", path).json()["items"] for path in lists]
    check(f"an empty ledger is filled from the store: {len(before[0])} jobs, {len(before[1])} packs", before == after, [before, after])
    check("it ends on SIGTERM", fresh.stop() == 0, fresh.told()[-600:])
