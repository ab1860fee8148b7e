"""How often what Doctown is so sure of is confirmed."""

import dataclasses

from truth.score import Comparison

WIDTH = 0.05


class Calibration:
    """Counts (claims, confirmed) by language, confidence and evidence, over callers that the oracle judges."""

    def __init__(self):
        self.by_confidence, self.by_evidence = {}, {}

    def add(self, language, ours, oracle):
        everything = dataclasses.replace(ours, edges=[*ours.edges, *ours.candidates])
        compared = Comparison(everything, oracle, 0.0)
        for pair, edge in compared.judged(compared.said).items():
            # Half a hundredth up, so that 0.95 is not 0.9499.
            bucket = int((edge.confidence + 0.005) / WIDTH)
            for counts, key in ((self.by_confidence, (language, bucket)), (self.by_evidence, (language, edge.evidence))):
                entry = counts.setdefault(key, [0, 0, 0.0])
                entry[0] += 1
                entry[1] += compared.is_confirmed(pair)
                entry[2] += edge.confidence

    def lines(self):
        """Tables of both, and for each language how far stated and confirmed lie apart on average."""
        yield from self.table("confidence", self.by_confidence, lambda bucket: f"{bucket * WIDTH:.2f}-{(bucket + 1) * WIDTH:.2f}")
        yield ""
        yield from self.table("evidence", self.by_evidence, str)
        yield ""
        yield "| language | edges and candidates | mean distance of stated and confirmed |"
        yield "|---|---|---|"
        for language in sorted({language for language, _ in self.by_confidence}):
            entries = [entry for (each, _), entry in self.by_confidence.items() if each == language]
            total = sum(n for n, _, _ in entries)
            error = sum(abs(right - stated) for _, right, stated in entries) / total
            yield f"| {language} | {total:,} | {error:.3f} |"

    def table(self, title, counts, name):
        yield f"| language | {title} | stated, mean | confirmed | of | share |"
        yield "|---|---|---|---|---|---|"
        for (language, key), (n, right, stated) in sorted(counts.items()):
            yield f"| {language} | {name(key)} | {stated / n:.2f} | {right:,} | {n:,} | {right / n:.3f} |"
