/** What is known of sentences, or images, and what takes all pairs of their positions through the steps of a path. */
@NullMarked
package org.ntk4j.infinite.sequence.step;

import org.jspecify.annotations.NullMarked;
