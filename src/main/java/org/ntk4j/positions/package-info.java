/** Maps of positions: what resizing, slicing and graphs do to the places where values stand, whatever the values are. */
package org.ntk4j.positions;
