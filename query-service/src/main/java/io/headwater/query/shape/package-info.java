/// What there is to ask of the records of a model: columns, the operators that compare them, and
/// the tables that have them now or had them then.
@NullMarked
package io.headwater.query.shape;

import org.jspecify.annotations.NullMarked;
