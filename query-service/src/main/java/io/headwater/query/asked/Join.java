package io.headwater.query.asked;

import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import org.jooq.Name;

/// The record that a reference refers to, at hand for filters and sorts. At most one: so it neither
/// adds rows nor takes any away.
///
/// @param alias of the referred record's table
/// @param reference holds its id
public record Join(Name alias, Column reference, RecordShape to) {}
