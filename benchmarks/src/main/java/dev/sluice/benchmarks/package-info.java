/** JMH benchmarks of the ways that rows take, on a real server. {@link dev.sluice.benchmarks.Benchmarks} runs them. */
package dev.sluice.benchmarks;
