// The script of the client. It adds life to pages the server has drawn:
// everything it shows beyond them is a passing thing (menus, drafts).
import './nav.js';
import './menu.js';
import './dialog.js';
import './messages.js';
import './composer.js';
import './blocks.js';
import './picker.js';
import './modal.js';
import './simulation.js';
import './scroll.js';
import './enter.js'; // after all that take an Enter
import {start} from './live.js';

start();
