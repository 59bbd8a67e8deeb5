/**
 * Contract tests: extend {@link dev.transvase.testing.contract.AbstractReaderContractTest} or {@link
 * dev.transvase.testing.contract.AbstractWriterContractTest} in a plugin's tests to learn whether it behaves as the runtime
 * relies on.
 */
package dev.transvase.testing.contract;
