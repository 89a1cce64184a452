/** What is known of images and of the pairs of their positions, and what takes planes of these through their passes. */
@NullMarked
package org.ntk4j.infinite.plane.step;

import org.jspecify.annotations.NullMarked;
