"""Chunk texts of packages, as the program cuts them, with and without their documentation."""

import hashlib
import json
import pathlib
import re
import subprocess
import tempfile

# A text with fewer letters says nothing that a neighbour does not.
MIN_LETTERS = 40
MAX_FILES = 20_000
# What a store in a folder puts before the bytes of an object.
HEAD_BYTES = 72
SIGNS = " \t\"'/*#!"


def of_folder(program, folder):
    """Lists the folder's chunks as {"file", "symbol", "text", "undocumented", "question"}, in the program's order."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        # Below a folder named `vendor`, `site-packages` and the like, the program would read nothing.
        request = {
            "schema": "doctown.stage/1",
            "stage": "ingest",
            "request": {"source": str(folder), "options": {"embeddings": True, "limits": {"max_files": MAX_FILES}}},
        }
        (scratch / "request.json").write_text(json.dumps(request))
        command = [program, "stage", "ingest", "--quiet", "--input", scratch / "request.json", "--store", scratch / "store"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        objects = sorted(scratch.glob("store/objects/jobs/local/*/artifacts/*/ingest/*"))
        written = [json.loads(path.read_bytes()[HEAD_BYTES:]) for path in objects]
    texts = {chunk["chunk_id"]: chunk["text"] for each in written for chunk in each.get("chunks", [])}
    files = [file for each in written if "segments" not in each for file in each.get("files", [])]
    return [chunk for file in sorted(files, key=lambda file: file["file_path"]) for chunk in of_file(file, texts)]


def of_file(file, texts):
    for chunk in file["chunks"]:
        text = texts[chunk["chunk_id"]]
        if len(re.findall(r"[A-Za-z]", text)) < MIN_LETTERS:
            continue
        symbols = [file["symbols"][idx] for idx in chunk["symbols"]]
        doc = symbols[0].get("doc_comment") or ""
        yield {
            "file": file["file_path"],
            "language": file["language"],
            "kind": symbols[0]["kind"],
            "symbol": symbols[0]["qualified_name"],
            "start": chunk["byte_range"]["start"],
            "text": text,
            "undocumented": without(text, doc) if doc else text,
            "question": question(doc),
        }


def without(text, doc):
    """Leaves out the lines of the text, its header excepted, that the documentation says."""
    said = {line.strip(SIGNS) for line in doc.splitlines()}
    header, *lines = text.split("\n")
    kept, within = [], False
    for line in lines:
        words = line.strip(SIGNS)
        if words in said and (words or line.strip()):
            continue
        # The first line of a documentation often stands behind its opening sign and an `r`.
        if words and any(each and words.lstrip("rRbBuUfF\"'") == each for each in said):
            continue
        kept.append(line)
    return "\n".join([header, *kept])


def question(doc):
    """Returns the first sentence of a documentation, where it says something."""
    paragraph = " ".join(re.split(r"\n\s*\n", doc.strip())[0].split())
    sentence = re.split(r"(?<=[.!?])\s", paragraph)[0]
    return sentence if 25 <= len(sentence) <= 300 and len(sentence.split()) >= 4 else None


def to_learn(chunks, max_chunks):
    """Selects texts of one package: of documented chunks half without their documentation, and first sentences."""
    distinct = {chunk["text"]: chunk for chunk in chunks if len(chunk["undocumented"].partition("\n")[2]) >= MIN_LETTERS}
    chosen = [distinct[text] for text in sorted(distinct, key=order)]
    code = {chunk["text"] if order(chunk["text"])[0] % 2 else chunk["undocumented"] for chunk in chosen[:max_chunks]}
    questions = [chunk["question"] for chunk in chosen if chunk["question"]]
    return code | set(questions[: max_chunks // 3])


def order(text):
    """A place in an order that depends on the text alone."""
    return hashlib.sha256(text.encode()).digest()
