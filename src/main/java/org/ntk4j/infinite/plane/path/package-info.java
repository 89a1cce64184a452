/** The steps of planes from one pooling to the next, and the passes that take them. */
@NullMarked
package org.ntk4j.infinite.plane.path;

import org.jspecify.annotations.NullMarked;
