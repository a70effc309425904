/// Connections that are taken over from the web server, for answers that go on for hours.
@NullMarked
package io.headwater.query.upgrade;

import org.jspecify.annotations.NullMarked;
