"""The network's vectors of texts, kept in a file so that a stopped run goes on where it was."""

import hashlib

import numpy
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
RECORD_BYTES = 32 + 4 * DIMENSIONS
BATCH = 256


class Teacher:
    """all-MiniLM-L6-v2 in int8 on one thread, one text at a time, as the program runs it."""

    def __init__(self, model, max_tokens):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        weights = str(model / "model_int8.onnx")
        self.session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_tokens)

    def vocabulary(self):
        ids = self.tokenizer.get_vocab()
        return sorted(ids, key=ids.get)

    def ids(self, texts):
        return [each.ids for each in self.tokenizer.encode_batch(texts)]

    def with_first_lines(self, texts):
        """The ids of each text, and how many of them are of its first line where it has more than one."""
        lines = [text.partition("\n")[0] if "\n" in text else "" for text in texts]
        # Without the special word at the end of each line.
        n_first = [len(each) - 1 if line else 0 for each, line in zip(self.ids(lines), lines)]
        return [(ids, min(n, len(ids) - 1)) for ids, n in zip(self.ids(texts), n_first)]

    def of_ids(self, ids):
        row = numpy.array([ids], numpy.int64)
        return self.session.run(None, {"input_ids": row, "attention_mask": numpy.ones_like(row)})[0][0]

    def alone(self):
        """The vector of each word of the vocabulary as a text of its own; zero for those that no text can hold."""
        vocabulary = self.vocabulary()
        first, last = (vocabulary.index(word) for word in ("[CLS]", "[SEP]"))
        vectors = numpy.zeros((len(vocabulary), DIMENSIONS), numpy.float32)
        for idx, word in enumerate(vocabulary):
            if not word.startswith("[unused"):
                vectors[idx] = self.of_ids([first, idx, last])
        return vectors

    def of_texts(self, texts, kept, say):
        """Computes what `kept` lacks, and returns the vectors of all texts in order."""
        known = read(kept)
        missing = [text for text in texts if digest(text) not in known]
        say(f"{len(texts) - len(missing)} of {len(texts)} vectors are there")
        with open(kept, "ab") as file:
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                for text, ids in zip(batch, self.ids(batch)):
                    known[digest(text)] = vector = self.of_ids(ids).astype("<f4")
                    file.write(digest(text) + vector.tobytes())
                file.flush()
                if start % (40 * BATCH) == 0:
                    say(f"{start} of {len(missing)} computed")
        return numpy.stack([known[digest(text)] for text in texts]).astype(numpy.float32)


def read(kept):
    if not kept.exists():
        return {}
    records = numpy.fromfile(kept, numpy.uint8)
    # A record that was cut off is computed again.
    whole = len(records) // RECORD_BYTES * RECORD_BYTES
    if whole != len(records):
        with open(kept, "ab") as file:
            file.truncate(whole)
    return {bytes(each[:32]): each[32:].view("<f4") for each in records[:whole].reshape(-1, RECORD_BYTES)}


def digest(text):
    return hashlib.sha256(text.encode()).digest()
