/// Access by bearer token, the same at each service that clients talk to. Who may do what is said
/// by the services themselves.
@NullMarked
package io.headwater.access;

import org.jspecify.annotations.NullMarked;
