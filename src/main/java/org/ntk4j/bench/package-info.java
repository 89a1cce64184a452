/**
 * What is measured, beside what the machine can do: the cases of {@code scripts/bench}, each in a process of its own, and the parts of
 * {@code scripts/gpu-check}.
 */
package org.ntk4j.bench;
