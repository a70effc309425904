/// `headwater`: one command for whoever operates the stack of `infra/compose`.
@NullMarked
package io.headwater.ops;

import org.jspecify.annotations.NullMarked;
