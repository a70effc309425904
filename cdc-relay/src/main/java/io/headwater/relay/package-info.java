/// The relay: reads the log's write-ahead log through a replication slot and publishes every event
/// on Kafka, exactly once and in position order.
///
/// One thread does all of it: [Relay] gets the lead ([Leadership]), fences an older relay
/// ([Publisher]), looks whether everything it needs is there ([ServerCheck], [RelayTopics]), makes
/// up what the slot cannot give from the table ([Ledger]) and then follows the slot ([WalReader]).
@NullMarked
package io.headwater.relay;

import org.jspecify.annotations.NullMarked;
