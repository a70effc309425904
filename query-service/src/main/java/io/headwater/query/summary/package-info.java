/// `GET /records/{model}/summary`: what a model's records come to, in groups.
@NullMarked
package io.headwater.query.summary;

import org.jspecify.annotations.NullMarked;
