/// Everything on this machine: a PostgreSQL primary with its hot standby, one Kafka broker and the
/// three services, all as child processes of one JVM. What `./run` starts, and ([LocalCluster]) the
/// fixture of the integration tests.
@NullMarked
package io.headwater.local;

import org.jspecify.annotations.NullMarked;
