"""What a pack's clusters and `related` edges agree with."""

import collections
import json
import math
import tarfile


class Pack:
    def __init__(self, path):
        with tarfile.open(path) as archive:
            read = lambda name: json.load(archive.extractfile(name))
            symbols, graph, clusters = read("nodes.json")["symbols"], read("graph.json"), read("clusters.json")
        self.size_bytes = path.stat().st_size
        self.modularity = graph["metrics"].get("modularity")
        self.file = {each["id"]: each["file_path"] for each in symbols}
        self.cluster = {each["id"]: each["cluster_id"] for each in symbols if each.get("cluster_id")}
        self.labels = [each["label"] for each in sorted(clusters["clusters"], key=lambda each: -each["member_count"])]
        related = [edge for edge in graph["edges"] if edge["kind"] == "related"]
        self.related = {tuple(sorted((edge["source"], edge["target"]))) for edge in related}

    def same_folder(self):
        """The share of `related` edges within one folder, and within one file."""
        ends = [(self.file[one], self.file[other]) for one, other in self.related]
        folder = lambda path: path.rpartition("/")[0]
        n = max(len(ends), 1)
        return sum(folder(a) == folder(b) for a, b in ends) / n, sum(a == b for a, b in ends) / n

    def agreement(self, of):
        """Normalised mutual information of clusters and files or folders."""
        return mutual_information([(self.cluster[symbol], of(self.file[symbol])) for symbol in self.cluster])


def mutual_information(pairs):
    n = max(len(pairs), 1)
    both, one, other = (collections.Counter(each) for each in (pairs, (a for a, _ in pairs), (b for _, b in pairs)))
    entropy = lambda counts: -sum(count / n * math.log(count / n) for count in counts.values())
    shared = entropy(one) + entropy(other) - entropy(both)
    return 2 * shared / max(entropy(one) + entropy(other), 1e-9)
