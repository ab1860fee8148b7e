"""A client of pyright's language server: where the name at a place is defined."""

import json
import subprocess


class Pyright:
    def __init__(self, program, python, root):
        self.process = subprocess.Popen(["node", program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.python, self.n_sent = str(python), 0
        folders = [{"uri": root.as_uri(), "name": "package"}]
        capabilities = {"workspace": {"configuration": True, "workspaceFolders": True}}
        self.ask([("initialize", {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": folders, "capabilities": capabilities})])
        self.tell("initialized", {})

    def definitions(self, path, text, places):
        """Gives, for each (line, column) of a file, the places where its name is defined: (uri, line, column)."""
        uri = path.as_uri()
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}})
        asked = [{"textDocument": {"uri": uri}, "position": {"line": line - 1, "character": column}} for line, column in places]
        answers = self.ask([("textDocument/definition", each) for each in asked])
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        return [[place(each) for each in answer or []] for answer in answers]

    def ask(self, requests):
        """Sends all, then reads all answers; the server asks for its settings in between."""
        waiting = {}
        for method, params in requests:
            self.n_sent += 1
            waiting[self.n_sent] = len(waiting)
            self.write({"id": self.n_sent, "method": method, "params": params})
        answers = [None] * len(waiting)
        while waiting:
            message = self.read()
            if "method" in message:
                self.serve(message)
            elif message.get("id") in waiting:
                if "error" in message:
                    raise RuntimeError(f"pyright: {message['error']['message']}")
                answers[waiting.pop(message["id"])] = message.get("result")
        return answers

    def serve(self, message):
        if "id" not in message:
            return
        result = None
        if message["method"] == "workspace/configuration":
            result = [self.settings(item.get("section")) for item in message["params"]["items"]]
        self.write({"id": message["id"], "result": result})

    def settings(self, section):
        analysis = {"diagnosticMode": "openFilesOnly", "typeCheckingMode": "off", "autoSearchPaths": True}
        return {"python": {"pythonPath": self.python, "analysis": analysis}, "python.analysis": analysis}.get(section, {})

    def tell(self, method, params):
        self.write({"method": method, "params": params})

    def write(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        n_bytes = None
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                n_bytes = int(value)
        if n_bytes is None:
            raise RuntimeError("pyright ended before it answered")
        return json.loads(self.process.stdout.read(n_bytes))

    def close(self):
        self.process.kill()
        self.process.wait()


def place(location):
    """Lines count from 1 here, columns from 0."""
    start = location["range"]["start"]
    return location["uri"], start["line"] + 1, start["character"]
