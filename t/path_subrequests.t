# A path that holds the data is hidden from the questions that nginx asks before it is known who asks, and from all that is
# made of a request that is refused; they learn where it leads. Where she has granted it, what follows has it.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'seen' });

my $login = $t->upstream(sub {
    my ($r) = @_;
    my ($who) = ($r->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;

    return { headers => ['X-User', $who // ''], body => '' };
}, port => 2);

my $copy = $t->upstream({ body => '' }, port => 3);

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    log_format all '$request|$request_uri|$status';
    access_log %%DIR%%/access.log all;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent_identity subject=$who issuer=portal;
        auth_request_set $who $upstream_http_x_user;

        location / {
            consent on;
            auth_request /login;
            mirror /copy;
            proxy_set_header X-Uri $request_uri;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        # consent is off here, and on where it asks
        location /person/off { auth_request /login; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location = /login {
            internal;
            consent on;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-Original-URI $request_uri;
            proxy_set_header X-Line $request;
            proxy_pass http://127.0.0.1:%%PORT_2%%$request_uri;
        }

        location = /copy {
            internal;
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_3%%$request_uri;
        }

        location /.privacy/ { auth_request /login; consent_pages; }
    }
EOF

my $c = Consent::Test::Canary->new($t, $up, $login, $copy);

my %shown = ('/person/%s' => '/person/*', '/person%%2f%s' => '/person/*', '/x/../person/%s' => '/person/*', '/person/%s/../../x' => '/person/*',
    '/sok;pnr=%s' => '/sok', '/sok%%3Fpnr=%s' => '/');

for my $form (sort keys %shown) {
    for my $who ('', 'bertil') {
        my $r = $t->get(sprintf("$form?a=1&pnr=%s", $c->value("$form $who path"), $c->value("$form $who arg")), cookie => "JSESSIONID=$who");
        is($r->status, 403, "$form is refused");
        is($login->last->header('X-Original-URI'), "$shown{$form}?a=1", 'who was asked knows where it leads');
        is($login->last->header('X-Line'), "GET $shown{$form}?a=1 HTTP/1.1", 'so does a line');
        is($login->last->uri, "$shown{$form}?a=1", 'and a URI that is made of it');
    }
}

$t->get('/person/off-' . $c->value('off') . '?a=1');
is($login->last->header('X-Original-URI'), '/person/*?a=1', 'also where its parent goes through nothing');
$up->clear;

is_deeply([grep { !/access\.log: off/ } $c->leaks], [], 'no value went anywhere');

# granted

$t->get('/other/x?a=1', cookie => 'JSESSIONID=anna');
is($login->last->header('X-Original-URI'), '/other/x?a=1', 'another path is shown as it is');

my $cookie = $t->decide(level => 'forms', cookie => 'JSESSIONID=anna');
$_->clear for $up, $copy;

is($t->get('/person/1912?a=1&pnr=7', cookie => 'JSESSIONID=anna')->status, 200, 'she has granted it');
is($login->last->header('X-Original-URI'), '/person/*?a=1', 'who is asked who she is learns no more');
is($up->last->uri, '/person/1912?a=1&pnr=7', 'the service has it');
is($up->last->header('X-Uri'), '/person/1912?a=1&pnr=7', 'in every way');
ok($t->wait_for(sub { $copy->requests }), 'a copy is made');
is($copy->last->uri, '/person/1912?a=1&pnr=7', 'and has it too');

$t->quit;
like($t->access_log, qr{^GET /person/1912\?a=1&pnr=7 HTTP/1\.1\|/person/1912\?a=1&pnr=7\|200$}m, 'so has the log');

done_testing;
