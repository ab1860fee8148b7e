//! Symbol contexts to summaries and overviews, without a model.
