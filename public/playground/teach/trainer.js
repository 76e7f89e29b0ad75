/** The worker in which a head is trained: it gets examples, and answers with the head. */
import { trained } from '../../vendor/page/taught.js';

addEventListener('message', ({ data }) => postMessage(trained(data)));
