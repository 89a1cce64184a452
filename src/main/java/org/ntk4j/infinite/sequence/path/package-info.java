/** The steps that all pairs of positions of two examples go through, as the layers themselves write them down. */
@NullMarked
package org.ntk4j.infinite.sequence.path;

import org.jspecify.annotations.NullMarked;
