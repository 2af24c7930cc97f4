"""Search and score as BEIR: python scripts/examples/retrieve_evidence.py [DATASET [SPLIT]]."""

import sys

import bm25s

from claimset.loading import load, rows

DATASET, SPLIT = [*sys.argv[1:], *("dataset", "train")[len(sys.argv) - 1 :]]
corpus, queries = load(DATASET, "corpus"), load(DATASET, "queries")
relevant: dict[str, set[str]] = {}
for row in rows(load(DATASET, "qrels", split=SPLIT)):  # corpus and queries hold all splits
    relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
index = bm25s.BM25()
index.index(bm25s.tokenize(list(corpus["text"]), show_progress=False), show_progress=False)
names, recalls = list(corpus["_id"]), []
for row in rows(queries.filter(lambda name: name in relevant, input_columns="_id")):
    words = bm25s.tokenize(row["text"], show_progress=False)
    found, _ = index.retrieve(words, k=min(11, len(corpus)), show_progress=False)
    ids = [names[number] for number in found[0]]
    ids = [name for name in ids if name != row["_id"]][:10]  # a claim is no evidence of itself
    wanted = relevant[row["_id"]]
    recalls.append(len(wanted & set(ids)) / len(wanted))
print(f"recall@10 {sum(recalls) / len(recalls):.3f} over {len(recalls)} claims")
