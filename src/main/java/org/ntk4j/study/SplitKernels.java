package org.ntk4j.study;

import org.ntk4j.kernel.Kernel;

/**
 * A kernel as a regression needs it.
 *
 * @param train K(train, train)
 * @param test  K(test, train)
 */
record SplitKernels(Kernel train, Kernel test) {
}
