/// `GET /log`: the log as it is, with its hash chain, from the standby's own table.
@NullMarked
package io.headwater.query.log;

import org.jspecify.annotations.NullMarked;
