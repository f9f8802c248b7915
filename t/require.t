# consent_require: too little gives a page or a problem document that says what is
# needed; enough passes, level or not, for what counts is what is granted.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fitted/ { consent_require fitted; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /if/ {
            if ($arg_special) { consent_require forms; }
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /denied/ { deny all; consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /satisfy/ {
            satisfy any;
            allow 127.0.0.1;
            auth_basic closed;
            auth_basic_user_file /dev/null;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /overklaga/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my @json = (headers => ['Accept', 'application/json']);

my $r = $t->get('/forms/', @json);
is($r->status, 403, 'refused');
is($r->header('Content-Type'), 'application/problem+json', 'a problem document');
is($r->json->{level}, 'forms', 'names the level');
is_deeply([sort map { $_->{id} } @{$r->json->{categories}}], ['contact', 'identity'], 'and what is missing');
is($r->header('Cache-Control'), 'no-store', 'for nobody else');

$r = $t->get('/forms/', headers => ['Accept', 'text/html,*/*']);
is($r->status, 403, 'a browser is refused as well');
like($r->header('Content-Type'), qr{^text/html}, 'with a page');
like($r->text, qr/Personnummer/, 'that says what');

is($t->get('/if/', @json)->status, 200, 'if without');
is($t->get('/if/?special=1', @json)->status, 403, 'if with');
is($t->get('/satisfy/', @json)->status, 403, 'satisfy any is no way around');
unlike($t->get('/denied/', @json)->raw, qr/problem/, 'access rules come first');
is($t->get('/fitted/', @json)->status, 403, 'another level');

is(scalar $up->requests, 1, 'none of the refused arrived');

my $contact = $t->decide(level => 'contact');
$r = $t->get('/forms/', cookie => $contact, @json);
is($r->status, 403, 'a lower level is not enough');
is_deeply([map { $_->{id} } @{$r->json->{categories}}], ['identity'], 'what is missing is named, and no more');

my $forms = $t->decide(level => 'forms');
is($t->get('/forms/', cookie => $forms, @json)->status, 200, 'the level is enough');
is($t->get('/fitted/', cookie => $forms, @json)->status, 403, 'for another one it is not');

my $ticks = $t->decide(categories => ['contact', 'identity', 'statistics']);
is($t->get('/forms/', cookie => $ticks, @json)->status, 200, 'so are the same categories one by one');

my $fitted = $t->decide(level => 'fitted');
is($t->get('/forms/', cookie => $fitted, @json)->status, 403, 'a higher level without them is not');

$r = $t->get('/overklaga/', @json);
is_deeply([map { $_->{id} } @{$r->json->{categories}}], ['contact'], 'what is a public task on a path is not asked for');

done_testing();
