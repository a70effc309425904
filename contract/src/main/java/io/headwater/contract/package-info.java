/// The published language: what clients, services and consumers of the topics agree on. No
/// framework, no database.
@NullMarked
package io.headwater.contract;

import org.jspecify.annotations.NullMarked;
