//! Facts and vectors to graph, clusters, labels, layout and contexts.
