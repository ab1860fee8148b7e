"""Folders of this machine, given out as GitHub gives out repositories: as much of its API as a build asks for."""

import hashlib
import http.server
import io
import json
import pathlib
import tarfile
import threading

# Made of nothing but the folder's files, so that every run of a script makes the same packs.
COMMITTED_AT = "2024-05-01T12:00:00Z"
LEFT_OUT = {".git", "target", "node_modules"}


class GithubServer:
    """Serves folders by `owner/repo`; each has one commit, on the branch `main`."""

    def __init__(self, folders):
        self.archives = {name: archive(pathlib.Path(folder)) for name, folder in folders.items()}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                status, kind, body = owner.answer(self.path.split("?")[0].strip("/").split("/"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self):
        """Puts this server in GitHub's place."""
        authority = f"127.0.0.1:{self.server.server_port}"
        return {"DOCTOWN_GITHUB_API_URL": f"http://{authority}", "DOCTOWN_GITHUB_DOWNLOAD_HOSTS": authority,
                "DOCTOWN_INSECURE_AUTHORITIES": authority, "DOCTOWN_GIT_HOSTS": authority}

    def answer(self, parts):
        sha, packed = self.archives.get("/".join(parts[1:3]), (None, b""))
        if parts[0] != "repos" or sha is None:
            return told(404, {"message": "Not Found"})
        match parts[3:]:
            case []:
                return told(200, {"full_name": "/".join(parts[1:3]), "default_branch": "main", "size": len(packed) // 1024 + 1})
            case ["commits", name] if name in ("main", sha):
                return told(200, {"sha": sha, "commit": {"committer": {"date": COMMITTED_AT}}})
            case ["tarball", name] if name == sha:
                return 200, "application/x-gzip", packed
        return told(422, {"message": "No commit found"})


def told(status, value):
    return status, "application/json; charset=utf-8", json.dumps(value).encode()


def archive(folder):
    """Returns a commit's hash and its tarball, both made of the files alone."""
    packed, digest = io.BytesIO(), hashlib.sha1()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if not path.is_file() or path.is_symlink() or LEFT_OUT & set(name.parts):
                continue
            entry = tarfile.TarInfo(f"repository/{name.as_posix()}")
            entry.size = path.stat().st_size
            digest.update(f"{name.as_posix()}\0{entry.size}\0".encode() + path.read_bytes())
            tar.addfile(entry, io.BytesIO(path.read_bytes()))
    return digest.hexdigest(), packed.getvalue()
