/**
 * Contract tests: extend {@link dev.sluice.testing.contract.AbstractReaderContractTest} or {@link
 * dev.sluice.testing.contract.AbstractWriterContractTest} in a plugin's tests to learn whether it behaves as the runtime
 * relies on.
 */
package dev.sluice.testing.contract;
