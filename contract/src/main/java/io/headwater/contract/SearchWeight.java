package io.headwater.contract;

/// How much a word counts that is found in a field: A most, as in a title, D least.
public enum SearchWeight {
    A,
    B,
    C,
    D
}
