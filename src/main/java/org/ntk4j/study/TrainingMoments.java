package org.ntk4j.study;

import org.ntk4j.finite.Training;
import org.ntk4j.inference.Moment;

/** From the trainer's steps to the moments of the closed forms. */
final class TrainingMoments {

    private TrainingMoments() {
    }

    /** After this many steps of this training at this learning rate. */
    static Moment of(Training training, double rate, int steps) {
        Moment moment = Moment.steps(steps).learningRate(training.timeOfStep(rate));
        double decay = training.optimizer().decayOfMomentum();
        return switch (training.optimizer().rule()) {
            case GRADIENT_DESCENT -> moment;
            case MOMENTUM -> moment.momentum(decay);
            case NESTEROV -> moment.nesterov(decay);
        };
    }
}
