/**
 * Networks that are a chain of linear maps with rectifiers between them, and the way back through them for several outputs at once
 * ({@link org.ntk4j.chain.WayBack}): where a unit is off, it is off for all outputs, and is left out.
 */
package org.ntk4j.chain;
