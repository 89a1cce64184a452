/**
 * What a kernel predicts, at every moment of training, with its uncertainty: {@link org.ntk4j.inference.Regression} and its
 * {@link org.ntk4j.inference.Fit}, {@link org.ntk4j.inference.Dynamics} for curves over time, the
 * {@link org.ntk4j.inference.Posterior} and the {@link org.ntk4j.inference.Ensemble}, and
 * {@link org.ntk4j.inference.FunctionSpace} for any loss. The loss of the closed forms is {@code 1/(2Nk)·‖f − y‖²} over N
 * inputs and k outputs, and time is learning rate × steps, as in the trainer.
 */
package org.ntk4j.inference;
