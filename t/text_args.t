# What citizens write into a search field is text as well: arguments are looked into, wherever a request says them, and what
# is found there has the same mask as in its body.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });
my $who = $t->upstream({ headers => ['X-User', 'anna'], body => '' }, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF', level => 'notice');
    %%CONSENT%%
    log_format all '$request|$args|$arg_q|$request_uri|$http_referer';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_unknown pass;
        access_log %%DIR%%/all.log all;

        location / { set $q $arg_q; proxy_set_header X-Q $q; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /slash/ { proxy_pass http://127.0.0.1:%%PORT_1%%/x/; }
        location /dead/ { proxy_pass http://127.0.0.1:%%PORT_3%%; error_page 502 = @named; }
        location @named { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /late/ {
            auth_request /who;
            auth_request_set $user $upstream_http_x_user;
            consent_identity subject=$user issuer=test;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location = /who { internal; proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '19811218-9876';
my $mask = qr/%5Bpersonnummer(?:%20|\+)1%5D|\[personnummer 1\]|%5Bpersonnummer 1%5D|\[personnummer(?:%20|\+)1\]/;

for my $path ('/', '/slash/', '/dead/') {
    for my $spelled ($secret, '19811218%2D9876', '198112%31%38-9876', 'mitt+nr+%C3%A4r+19811218-9876%2C+tack') {
        is($t->get("$path?a=1&q=$spelled&b=2", headers => ['Referer', "https://x/y?q=$spelled&c=3"])->status, 200, "$path?q=$spelled");

        my $q = $up->last;
        unlike($q->raw, qr/9876/, 'it does not arrive');
        like($q->uri, qr/\?a=1&q=.*$mask.*&b=2$/, 'a mask does');
        like($q->header('Referer'), qr{^https://x/y\?q=.*$mask.*&c=3$}, 'in the page before as well');
    }

    $t->get("$path?a=1&q=4711&tel=08-1");
    is($up->last->uri =~ s/^.*\?//r, 'a=1&q=4711&tel=08-1', 'what is none stays as it was');
}

is($t->request('POST', "/?q=$secret&r=800101-1231", form => ['text', '800101-1231'])->status, 200, 'a body');
like($up->last->uri, qr/q=$mask&r=.*2/, 'two values, two masks');
like($up->last->body, qr/^text=.*personnummer.*2/, 'the body says the second');

is($t->get("/report/?q=$secret")->status, 200, 'a location that reports');
is($up->last->uri, "/report/?q=$secret", 'changes nothing');
is($t->get('/late/?q=' . $secret)->status, 200, 'where it is known late who asks');
unlike($up->last->raw, qr/9876/, 'it does not arrive either');

my $some = $t->decide(level => 'forms');
is($t->get("/?q=$secret", cookie => $some)->status, 200, 'what she shares');
is($up->last->uri, "/?q=$secret", 'arrives as she wrote it');

is(scalar(grep { /9876/ && !m{^GET /(?:report/)?\?q=19811218-9876 } } split /\n/, $t->read('all.log')), 0, 'nor is it logged');
is(scalar(grep { /9876/ && !m{GET /report/} } split /\n/, $t->error_log), 0, 'by anybody');

done_testing;
